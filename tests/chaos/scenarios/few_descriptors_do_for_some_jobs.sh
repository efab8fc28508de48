# SPDX-License-Identifier: MIT
# RLIMIT_NOFILE of any number: either all is as it should be, with fewer jobs at once,
# or nothing runs, which is said.
. "$SRC/tests/chaos/common.sh"
ROUNDS=24
command -v prlimit >/dev/null || skip 'no prlimit'

seq 40 >in
round=0 none=0 some=0
while [ $round -lt $ROUNDS ]; do
	round=$((round + 1))
	rand 4 28 # for one at most
	[ $((round % 2)) = 0 ] || rand 29 90
	[ $round -gt 2 ] || R=$((round * 12 - 8))
	files=$R
	pick '' -u -k --line-buffer '--joblog log' '-k --tag' '--results dir' \
		'--retries 2' '--events events' '--timeout 99' '-m'
	way=$R
	rm -rf log dir events
	: >ran
	rc=0
	# shellcheck disable=SC2086
	prlimit --nofile=$files:$files "$BPOOL" -j20 $way -a in \
		sh -c 'echo >>ran; printf "%s\n" "$@"' sh >out 2>err || rc=$?
	case $rc in
	0)
		some=$((some + 1))
		sed 's/.*	//' out | sort -n | cmp - in
		;;
	1)
		none=$((none + 1))
		[ ! -s ran ] || fail "$files, $way: $(wc -l <ran) ran, $(cat err)"
		[ ! -s out ] || fail "$files, $way: out: $(cat out)"
		grep -q '^bpool: ' err || fail "$files, $way: nothing said: $(cat err)"
		;;
	*) fail "$files, $way: status $rc: $(cat err)" ;;
	esac
done
[ $some -ge 5 ] || fail "only $some had enough"
[ $none -ge 1 ] || fail 'all had enough'
echo "$some of $ROUNDS had enough"
