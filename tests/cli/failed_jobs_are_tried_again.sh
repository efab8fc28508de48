# SPDX-License-Identifier: MIT
# --retries N is N attempts in all; only the last one's output is printed, and
# its end is the job's.
set -eu
seq 4 | "$BPOOL" -k -j2 --retries 3 --backoff 1ms \
	'echo {} $BPOOL_ATTEMPT; echo e >&2; [ {} -le $BPOOL_ATTEMPT ]' \
	>out 2>err && exit 1
[ "$(cat out)" = "1 1
2 2
3 3
4 3" ]
[ "$(grep -c '^e$' err)" = 4 ]
[ "$(grep -c '^bpool: ' err)" = 1 ]
grep '^bpool: line 4: exit status 1' err
# All of them, in order.
seq 2 | "$BPOOL" -k -j2 --retries=2 --backoff=1ms..2ms --all-attempts -q \
	--summary 'echo {} $BPOOL_ATTEMPT; [ {} -le $BPOOL_ATTEMPT ]' >out 2>err
[ "$(cat out)" = "1 1
2 1
2 2" ]
grep 'tried again: 1 times after a failure, 0 after a refusal' err
# Without it, once; and a job that prints megabytes leaves none of them.
echo x | "$BPOOL" 'echo >>once; false' 2>err && exit 1
[ "$(wc -l <once)" = 1 ]
echo x | "$BPOOL" --retries 3 --backoff 1ms 'head -c 3000000 /dev/zero
	[ $BPOOL_ATTEMPT = 3 ] || exit 1; : {}' >out
[ "$(wc -c <out)" = 3000000 ]
# What kinds of failure.
tries() { # N OPTION... COMMAND
	want=$1
	shift
	rm -f tried
	echo x | "$BPOOL" --retries 3 --backoff 1ms --events tried "$@" 2>err && exit 1
	[ "$(grep -c '"event":"start"' tried)" = "$want" ] || { echo "$*"; cat tried; exit 1; }
}
tries 3 --retry-on 7,28 'exit 28'
tries 1 --retry-on 7,28 'exit 27'
tries 1 --retry-on 7 'kill -KILL $$'
tries 3 --retry-on 7,signal 'kill -KILL $$'
tries 2 --retries 2 --retry-on timeout --timeout 3s 'sleep 99; : {}'
tries 1 --retry-on signal --timeout 3s 'sleep 99; : {}'
# A program that is not there will not be there.
rm -f tries
"$BPOOL" --retries 3 --events events nothing-of-this-name ::: a 2>err && exit 1
grep -q '"event":"retry"' events && exit 1
# All of them have a budget.
budget() { # WANT BUDGET...
	want=$1
	shift
	rm -f tries
	seq 20 | "$BPOOL" -q -j4 --retries 3 --backoff 1ms "$@" \
		'echo >>tries; false' && exit 1
	[ "$(wc -l <tries)" = "$want" ] || { echo "$*"; wc -l tries; exit 1; }
}
budget 60 --retry-budget none
budget 25 --retry-budget 5
budget 20 --retry-budget 0
[ "$(seq 20 | "$BPOOL" -j1 --retries 2 --backoff 1ms --retry-budget 50% \
	--all-attempts -q 'echo {}; false' | wc -l)" = 30 ]
for wrong in '--retries 0' '--retries x' '--backoff 1h..1m' '--backoff ..' \
	'--backoff 0' '--retry-on 0' '--retry-on 256' '--retry-on 7,' \
	'--retry-on x' '--retry-budget x' '--retry-budget %' \
	'--retry-budget 1+2' '--all-attempts -u'; do
	rc=0
	"$BPOOL" $wrong echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
	grep '^bpool: --' err
done
