# SPDX-License-Identifier: MIT
# The first ends last, the last first; stdout, stderr and remarks.
set -eu
cat >in <<'S'
while [ ! -e two ]; do sleep 0.01; done; echo 1; echo e1 >&2; exit 1
while [ ! -e three ]; do sleep 0.01; done; echo 2; echo e2 >&2; >two; exit 2
echo 3; echo e3 >&2; >three; exit 3
S
rc=0
"$BPOOL" -j3 --keep-order <in >out 2>err || rc=$?
[ $rc = 123 ]
printf '1\n2\n3\n' | cmp - out
[ "$(cut -c1-13 err)" = "e1
bpool: line 1
e2
bpool: line 2
e3
bpool: line 3" ]
# Without -k: as they end.  Each waits to see the one before it printed.
: >out
cat >in <<'S'
while ! grep -q 2 out; do sleep 0.01; done; echo 1
while ! grep -q 3 out; do sleep 0.01; done; echo 2
echo 3
S
"$BPOOL" -j3 <in >out
printf '3\n2\n1\n' | cmp - out
