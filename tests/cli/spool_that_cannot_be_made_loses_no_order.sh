# SPDX-License-Identifier: MIT
# Outputs that fit into memory wait on their workers instead.
set -eu
cat >in <<'S'
while [ ! -e three ]; do sleep 0.01; done; echo 1
echo 2; >two
while [ ! -e two ]; do sleep 0.01; done; echo 3; >three
S
TMPDIR=/nonexistent "$BPOOL" -k -j3 <in >out 2>err
printf '1\n2\n3\n' | cmp - out
[ ! -s err ]
