# SPDX-License-Identifier: MIT
set -eu
cat >in <<'S'
trap 'echo bye; exit' TERM; echo hello; kill -TERM $PPID; while :; do sleep 0.01; done
S
rc=0
"$BPOOL" -k <in >out || rc=$?
[ $rc = 143 ]
printf 'hello\nbye\n' | cmp - out
