# SPDX-License-Identifier: MIT
# timeout signals its child, and then its group with the child in it; and
# another stop may send two signals of its own.
set -eu
cat >in <<'S'
trap 'sleep 0.2; echo last words; exit 1' TERM HUP; : >ready; while :; do sleep 0.02; done
S
rc=0
timeout 0.7 "$BPOOL" <in >out 2>err || rc=$?
[ $rc = 124 ]
echo 'last words' | cmp - out
rm ready
"$BPOOL" <in >out 2>err &
pid=$!
until [ -e ready ]; do sleep 0.01; done
kill -TERM $pid
kill -HUP $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ] || [ $rc = 129 ]
echo 'last words' | cmp - out
