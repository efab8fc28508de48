# SPDX-License-Identifier: MIT
# timeout passes a signal on to its child, and then to its group with the
# child in it; and another stop may send two signals of its own.  They are one
# when half a second does not lie between, which it may now and then on a busy
# machine, but not each time.
set -eu
cat >in <<'S'
trap 'sleep 0.2; echo last words; exit 1' TERM HUP; : >ready; while :; do sleep 0.02; done
S
# stop SIGNAL...: send them to $pid as soon as the job is ready.
stop() {
	until [ -e ready ]; do sleep 0.01; done
	rm ready
	for signal; do kill -$signal $pid; done
	rc=0
	wait $pid || rc=$?
	[ $rc = 143 ] || [ $rc = 129 ]
}
spoke() {
	echo 'last words' | cmp - out
}
tries=0
while :; do
	timeout 250 "$BPOOL" <in >out 2>err &
	pid=$!
	stop TERM
	! spoke || break
	[ $((tries += 1)) -lt 10 ]
done
tries=0
while :; do
	"$BPOOL" <in >out 2>err &
	pid=$!
	stop TERM HUP
	! spoke || break
	[ $((tries += 1)) -lt 10 ]
done
