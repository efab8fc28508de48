# SPDX-License-Identifier: MIT
# Jobs of all kinds that run for too long, among others: nothing is left of them, and
# nothing happens to the others.  (Who has both a session of its own and a clear
# environment is reached by a stop alone.)
. "$SRC/tests/chaos/common.sh"
ROUNDS=3

all='plain deaf stopped forked session daemon deaf_daemon stopped_daemon hydra loud'
round=0
while [ $round -lt $ROUNDS ]; do
	round=$((round + 1))
	rm -f ready.*
	n=0
	while [ $n -lt 24 ]; do
		n=$((n + 1))
		# shellcheck disable=SC2086
		pick $all good good good
		case $R in
		good) echo "echo good $n" ;;
		*) echo "sh $SRC/tests/chaos/kinds $R ready.$n" ;;
		esac
	done >in
	rc=0
	bpool -k -j12 --timeout 700ms --kill-after 200ms --joblog log -a in \
		>out 2>err || rc=$?
	[ $rc = 123 ] || fail "status $rc"
	grep ^echo in | cut -d ' ' -f 2- >want
	grep good out | cmp - want
	grep -c 'timed out: .*: sh ' err >n || fail "none timed out: $(cat err)"
	[ "$(cat n)" = "$(grep -c '^sh ' in)" ] || fail "$(cat n) timed out: $(cat in)"
	[ "$(cut -f 7 log | grep -c -x -e -1)" = "$(cat n)" ] || fail 'the log'
	cat in >>seen
done
n=$(grep '^sh' seen | cut -d ' ' -f 3 | sort -u | wc -l)
[ "$n" -ge 7 ] || fail "only $n kinds"
echo "$(grep -c ^sh seen) jobs of $n kinds"
