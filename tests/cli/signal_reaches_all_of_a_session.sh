# SPDX-License-Identifier: MIT
# A process of the job's in a process group of its own (timeout makes one).
set -eu
. "$SRC/tests/process.sh"
cat >in <<'S'
timeout 1000 sh -c 'echo $$ >pid; while :; do sleep 0.01; done' & while [ ! -s pid ]; do sleep 0.01; done; kill -TERM $PPID; wait
S
rc=0
"$BPOOL" <in >out 2>err || rc=$?
[ $rc = 143 ]
dead "$(cat pid)"
