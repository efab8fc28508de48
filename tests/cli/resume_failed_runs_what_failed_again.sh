# SPDX-License-Identifier: MIT
# --resume leaves them as they are; --resume-failed and --retry-failed, which
# reads nothing, run them until they succeed, under their old numbers.
set -eu
printf '%s\n' one two three two >in
rc=0
"$BPOOL" -k --joblog log 'echo {}; [ {} != two ] || [ -e fixed ]' <in >out \
	2>err || rc=$?
[ $rc = 123 ]
"$BPOOL" -k --joblog log --resume 'echo {}; [ {} != two ] || [ -e fixed ]' \
	<in >out
[ ! -s out ]
rc=0
"$BPOOL" -k --joblog log --resume-failed \
	'echo {}; [ {} != two ] || [ -e fixed ]' <in >out 2>err || rc=$?
[ $rc = 123 ]
[ "$(cat out)" = "two
two" ]
[ "$("$BPOOL" --dry-run --joblog log --retry-failed | wc -l)" = 2 ]
touch fixed
mkfifo never
exec 3<>never
"$BPOOL" -k --joblog log --retry-failed <never >out
[ "$(cat out)" = "two
two" ]
[ "$(cut -f 1 log | sort -n | tail -n 1)" = 4 ]
"$BPOOL" -k --joblog log --retry-failed >out
[ ! -s out ]
"$BPOOL" -k --joblog log --resume-failed \
	'echo {}; [ {} != two ] || [ -e fixed ]' <in >out
[ ! -s out ]
for wrong in '--resume' '--retry-failed' '--no-wait --joblog log' \
	'--joblog log --retry-failed true' \
	'--joblog log --retry-failed -a in' \
	'--joblog log --retry-failed ::: true'; do
	rc=0
	"$BPOOL" $wrong </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
done
