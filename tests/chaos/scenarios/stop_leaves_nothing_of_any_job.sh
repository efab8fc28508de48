# SPDX-License-Identifier: MIT
# Jobs of all kinds, one signal or two to bpool at any time: it dies of that, and
# soon, and of the jobs there is nothing left, whatever they did to get away.
. "$SRC/tests/chaos/common.sh"
ROUNDS=14

all='plain deaf stopped forked session daemon deaf_daemon stopped_daemon cleared
deaf_cleared hydra loud'
round=0 early=0
while [ $round -lt $ROUNDS ]; do
	round=$((round + 1))
	rm -f ready.*
	for n in 1 2 3 4 5 6; do
		# shellcheck disable=SC2086
		pick $all
		echo "sh $SRC/tests/chaos/kinds $R ready.$n"
	done >in
	pick HUP INT QUIT TERM
	signal=$R
	bpool -j4 --kill-after 0.3 -a in >out 2>err &
	pid=$!
	# When they are all what they are to be, or earlier.
	rand 0 4
	until [ "$(find . -name 'ready.?' | wc -l)" -ge $R ]; do sleep 0.01; done
	[ $R -gt 3 ] || early=$((early + 1))
	nap 0 50
	kill -$signal $pid
	rand 1 3
	if [ $R = 1 ]; then
		nap 550 800
		kill -$signal $pid 2>/dev/null || :
	fi
	rc=0
	wait $pid || rc=$?
	[ "$(kill -l $rc)" = $signal ] || fail "$signal: status $rc: $(cat in err)"
	cat in >>seen
done
[ $early -gt 3 ] || fail "only $early were stopped early"
n=$(cut -d ' ' -f 3 seen | sort -u | wc -l)
[ "$n" -ge 10 ] || fail "only $n kinds"
echo "$ROUNDS stops of 4 jobs of $n kinds"
