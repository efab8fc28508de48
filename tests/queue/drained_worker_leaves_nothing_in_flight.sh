# SPDX-License-Identifier: MIT
# TERM: nothing new starts, what runs ends within the grace, and what does not goes
# back at once, long before its lease is over; so does a second signal.
. "$SRC/tests/queue/common"
server_start
queue 2 --lease 1h
mkfifo begun go
work first -j2 -- sh -c 'echo >begun; read -r l <go; echo "$1 $BPOOL_ATTEMPT"' x
seq 5 | "$QUEUE" submit --stream S --class c --batch b -q >name
exec 4<>begun 5<>go
read -r line <&4
read -r line <&4
kill -TERM $worker
# Two that run, and three that do not start.
signal_read $worker 0x4000
[ "$(status_of in_flight)" = 2 ]
echo >&5
echo >&5
wait $worker
[ "$(status_of in_flight)" = 0 ]
[ "$(status_of queued)" = 3 ]
nothing_wrong first
# No grace, and then a second signal: both go back, and the next worker has them at
# once, though the lease is of an hour.
for how in 'grace 0' 'grace 1h'; do
	work second -j2 --"${how% *}" "${how#* }" -- sh -c '
		trap "" TERM; echo >begun; read -r l <go' x
	read -r line <&4
	read -r line <&4
	kill -TERM $worker
	if [ "$how" = 'grace 1h' ]; then
		signal_read $worker 0x4000
		kill -TERM $worker
	fi
	wait $worker
done
[ "$(grep -c 'stopping 2 jobs, which go back to the queue' second)" = 2 ]
work third -j2 -- echo
"$QUEUE" results --stream S --batch b --follow >out
[ "$(wc -l <out)" = 5 ]
kill -TERM $worker
wait $worker
[ "$(status_of in_flight)" = 0 ]
[ "$(status_of queued)" = 0 ]
