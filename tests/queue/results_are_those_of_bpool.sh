# SPDX-License-Identifier: MIT
# Output, order, exit status and job log are what bpool's are for the same lines.
. "$SRC/tests/queue/common"
server_start
queue 4
# compare STATUS [COMMAND...], with the lines in `lines`.
compare() {
	expected=$1
	shift
	rc=0
	"$BPOOL" -j4 -k --joblog bpool.log "$@" <lines >bpool.out 2>bpool.err || rc=$?
	[ $rc = "$expected" ]
	work errors -j4 -- "$@"
	rc=0
	"$QUEUE" submit --stream S --class c -q --wait -k --joblog queue.log \
		<lines >queue.out 2>queue.err || rc=$?
	[ $rc = "$expected" ]
	kill -TERM $worker
	wait $worker
	cmp bpool.out queue.out
	sed 's/^bpool-queue: /bpool: /' queue.err | cmp bpool.err -
	# But for their times, and in whichever order they ended.
	for log in bpool queue; do
		cut -f 1,2,5- $log.log | sort -n >$log.cut
	done
	cmp bpool.cut queue.cut
}
seq 12 >lines
compare 0 echo out
compare 123 sh -c 'echo $1; echo err $1 >&2; exit $(($1 % 3))' x
compare 127 no-such-command
compare 123 sh -c 'kill -9 $$' x
# A value is data, whatever stands in it, for a shell too.
printf '%s\n' '$(touch pwned)' '; touch pwned' '-n' '"' "'" '' 'a  b' '*' >lines
compare 0 printf '<%s>'
compare 0 'printf "<%s>" {} {/}'
[ ! -e pwned ]
# More than fits into a message of the server's.
seq 3 >lines
compare 0 sh -c 'seq $(($1 * 200000)); seq $(($1 * 100000)) >&2' x
[ "$(wc -c <queue.out)" -gt 3000000 ]
nothing_wrong errors
