# SPDX-License-Identifier: MIT
# A job that fails when no more jobs start is not tried again, and one that
# waited for that then ends as its last attempt did: it is printed and told.
# (That --halt has come is told when it comes.)
set -eu
cat >job <<'E2'
echo "out of $1"
[ $1 = a ] || until grep -q '"event":"halt"' events; do sleep 0.01; done
[ $1 = b ] || until grep -q '"event":"start".*"job":2,' events; do sleep 0.01; done
[ $1 = a ]
exit $(($? + 1))
E2
rc=0
"$BPOOL" -k -j2 --halt soon,fail=1 --retries 2 --retry-on 2 --backoff 1h \
	--events events --joblog log sh job ::: a b >out 2>err || rc=$?
[ $rc = 1 ]
[ "$(cat out)" = "$(printf 'out of a\nout of b')" ]
grep 'job 2: exit status 2' err
[ "$(cut -f1,7 log | tail -n +2)" = "$(printf '1\t1\n2\t2')" ]
[ "$(grep -c '"event":"halt"' events)" = 1 ]
grep '"event":"summary".*"failed":2,"stopped":0,.*"status":1}' events
grep '"event":"retry"' events && exit 1
# Its output is of the last attempt alone.
for all in '' --all-attempts; do
	rm -f events log
	"$BPOOL" --retries 9 --backoff 1ms --events events --joblog log $all '
		echo attempt $BPOOL_ATTEMPT
		[ $BPOOL_ATTEMPT = 2 ] || exit 1
		echo retry-after 200 >&$BPOOL_FEEDBACK
		exit 75; : {}' ::: x >out 2>err &
	pid=$!
	until grep '"event":"retry".*"attempt":2,' events; do sleep 0.01; done
	kill -TERM $pid
	rc=0
	wait $pid || rc=$?
	[ $rc = 143 ]
	if [ -n "$all" ]; then
		[ "$(cat out)" = "$(printf 'attempt 1\nattempt 2')" ]
	else
		[ "$(cat out)" = 'attempt 2' ]
	fi
	# --resume runs it again.
	[ "$(wc -l <log)" = 1 ]
	[ "$(grep -c '"event":"end".*"job":1,.*"status":75,' events)" = 1 ]
	grep '"event":"summary".*"jobs":1,.*"stopped":1,.*"status":143}' events
done
