# SPDX-License-Identifier: MIT
# A time that the jobs of a batch may run is theirs on whatever worker; of that and the
# worker's own the shorter counts.  It is a failure, that may be tried again.
. "$SRC/tests/queue/common"
server_start
queue 4
cat >job <<'EOF'
echo $1 $BPOOL_ATTEMPT >>runs
case $1 in
long*)
	exec sleep 60
	;;
twice*)
	[ $BPOOL_ATTEMPT = 2 ] || exec sleep 60
	;;
esac
echo $1
EOF
work errors -j4 -- sh "$PWD/job"
# One that had no time to end by itself gets twice as much.
seconds=1
while :; do
	rc=0
	printf '%s\n' short long | "$QUEUE" submit --stream S --class c \
		--timeout $seconds --wait -q >out 2>err || rc=$?
	[ $rc = 123 ]
	grep 'line 2: timed out' err
	grep 'line 1: timed out' err || break
	seconds=$((seconds * 2))
	[ $seconds -le 32 ]
done
[ "$(cat out)" = short ]
# With the time it has another attempt.
while :; do
	rc=0
	echo twice $seconds | "$QUEUE" submit --stream S --class c --timeout $seconds \
		--retries 2 --backoff 10ms --wait -q >out 2>err || rc=$?
	grep 'line 1: timed out' err || break
	[ $rc = 123 ]
	seconds=$((seconds * 2))
	[ $seconds -le 32 ]
done
[ $rc = 0 ]
[ "$(cat out)" = "twice $seconds" ]
[ "$(grep -c "^twice $seconds" runs)" = 2 ]
# One that has no time of its own is not stopped, and one without a worker's neither.
echo long2 | "$QUEUE" submit --stream S --class c --batch free -q >name
until grep -q long2 runs; do
	sleep 0.05
done
sleep 3
[ "$(status_of in_flight)" = 1 ]
kill -TERM $worker
signal_read $worker 0x4000
kill -TERM $worker
wait $worker
# The worker's is shorter here.
work other -j4 --timeout 1 -- sh "$PWD/job"
rc=0
echo long3 | "$QUEUE" submit --stream S --class c --timeout 1h --wait -q 2>err || rc=$?
[ $rc = 123 ]
grep 'line 1: timed out' err
rc=0
"$QUEUE" results --stream S --batch free --follow 2>err || rc=$?
[ $rc = 123 ]
grep 'line 1: timed out' err
kill -TERM $worker
wait $worker
