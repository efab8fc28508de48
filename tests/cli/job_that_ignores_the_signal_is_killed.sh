# SPDX-License-Identifier: MIT
# After the grace of ten seconds, whatever it left in its session too.
set -eu
. "$SRC/tests/process.sh"
cat >in <<'S'
trap '' TERM; sleep 1000 & echo $! $$ >pids; kill -TERM $PPID; while :; do sleep 1; done
S
rc=0
"$BPOOL" <in >out 2>err || rc=$?
[ $rc = 143 ]
for pid in $(cat pids); do
	dead "$pid"
done
