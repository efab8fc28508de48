# SPDX-License-Identifier: MIT
# timeout passes a signal on to its child, and then to its group with the
# child in it; and another stop may send two signals of its own.
set -eu
cat >in <<'S'
trap 'sleep 0.2; echo last words; exit 1' TERM HUP; : >ready; while :; do sleep 0.02; done
S
await_ready() {
	until [ -e ready ]; do sleep 0.01; done
	rm ready
}
timeout 250 "$BPOOL" <in >out 2>err &
pid=$!
await_ready
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
echo 'last words' | cmp - out
"$BPOOL" <in >out 2>err &
pid=$!
await_ready
kill -TERM $pid
kill -HUP $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ] || [ $rc = 129 ]
echo 'last words' | cmp - out
