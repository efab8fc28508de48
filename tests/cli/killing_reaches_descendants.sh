# SPDX-License-Identifier: MIT
# Jobs that ignore the signal: those of a bpool that is a job itself, and one
# that left its session.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
cat >inner <<'E'
trap '' TERM; echo $$ >inner.pid; while :; do sleep 0.1; done
E
cat >left <<'E'
trap '' TERM; echo $$ >left.pid; while :; do sleep 0.1; done
E
printf '%s\n' '"$BPOOL" -a inner' "trap '' TERM; setsid sh left; :" >in
"$BPOOL" -j2 <in >out 2>err &
pid=$!
until [ -s inner.pid ] && [ -s left.pid ]; do sleep 0.01; done
kill -TERM $pid
sleep 0.7
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
for pid in $(cat inner.pid left.pid); do
	dead "$pid"
done
