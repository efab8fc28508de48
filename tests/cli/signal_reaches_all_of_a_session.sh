# SPDX-License-Identifier: MIT
# A process of the job's in a process group of its own (timeout makes one).
set -eu
cat >in <<'S'
timeout 1000 sh -c 'echo $$ >pid; while :; do sleep 0.01; done' & while [ ! -s pid ]; do sleep 0.01; done; kill -TERM $PPID; wait
S
rc=0
"$BPOOL" <in >out 2>err || rc=$?
[ $rc = 143 ]
if kill -0 "$(cat pid)" 2>/dev/null; then
	grep '^State:.[ZX]' "/proc/$(cat pid)/status"
fi
