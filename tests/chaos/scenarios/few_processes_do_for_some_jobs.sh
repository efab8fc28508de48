# SPDX-License-Identifier: MIT
# RLIMIT_NPROC of any number, for a user that has no other processes: either each job
# runs, once, or none does, which is said.
. "$SRC/tests/chaos/common.sh"
ROUNDS=16
. "$SRC/tests/nproc.sh"

mkdir work
cp "$BPOOL" work/bpool
chmod 777 work
cd work

seq 30 >in
round=0 some=0
while [ $round -lt $ROUNDS ]; do
	round=$((round + 1))
	rand 4 40
	[ $round -gt 3 ] || R=$((round * 2 - 1))
	processes=$R
	pick /bin/echo 'sleep 0.01; echo {}' 'echo $(echo {})' '(setsid true &); echo {}'
	command=$R
	what="$processes, $command"
	rc=0
	# With three there is none left for a job, and it waits until somebody ends.
	[ $processes != 3 ] || (limited 3 timeout 2 ./bpool -a in echo) >out 2>err || rc=$?
	[ $processes = 3 ] ||
		(limited $processes ./bpool -k -j20 -a in "$command") >out 2>err || rc=$?
	case $processes.$rc in
	*.0)
		some=$((some + 1))
		cmp in out || fail "$what"
		;;
	*.1)
		[ ! -s out ] || fail "$what: $(cat out err)"
		grep -q '^bpool: ' err || fail "$what: nothing said"
		;;
	3.124) grep -q '^bpool: no more processes, waiting' err || fail "$what: $(cat err)" ;;
	# What a job itself cannot start is its own failure; there is room for one.
	*.123)
		[ $processes -lt 5 ] || [ "$command" != 'echo $(echo {})' ] ||
			fail "$what: $(cat err)"
		grep -q 'Cannot fork' err || fail "$what: $(cat err)"
		[ "$(grep -c 'line .*: exit status' err)" = $((30 - $(wc -l <out))) ] ||
			fail "$what: $(cat out err)"
		;;
	*) fail "$what: status $rc: $(cat err)" ;;
	esac
done
[ $some -ge 5 ] || fail "only $some had enough"
echo "$some of $ROUNDS had enough"
