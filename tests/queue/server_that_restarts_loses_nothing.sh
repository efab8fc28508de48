# SPDX-License-Identifier: MIT
# The server ends, by TERM and by KILL, and is there again: workers and whoever waits
# for results go on, and each job has one result.
. "$SRC/tests/queue/common"
server_start
queue 5 --lease 9s --attempts 30
for how in TERM KILL; do
	: >runs
	work errors -j8 -- sh -c '
		sleep 0.02; echo >>"$2"; printf "%s\n" "$1"' x {} "$PWD/runs"
	"$QUEUE" submit --stream S --class c --batch $how -q <"$SRC/Makefile" >name
	n=$(wc -l <"$SRC/Makefile")
	"$QUEUE" results --stream S --batch $how --follow -k >out &
	results=$!
	until [ "$(wc -l <runs)" -ge 100 ]; do
		sleep 0.02
	done
	server_stop $how
	server_start
	wait $results
	cmp "$SRC/Makefile" out
	# A result comes before the job is out of the queue.
	until_is in_flight 0
	until_is queued 0
	kill -TERM $worker
	wait $worker
	ran=$(wc -l <runs)
	echo "$how: $ran runs of $n jobs"
	[ "$ran" -ge "$n" ]
	# What was under way, and whose end had not been stored.
	[ "$ran" -le $((n + 100 + $(leases_lost errors))) ]
done
# What the killed one kept of jobs that are done takes no room away.
"$QUEUE" janitor --stream S
# One that waits for room in the queue, too.
"$QUEUE" init --stream S --max-queued 20
seq 200 | "$QUEUE" submit --stream S --class c --batch full -q >name &
submit=$!
until_is queued 20
server_stop KILL
server_start
"$QUEUE" janitor --stream S
work errors -j8 -- echo
wait $submit
"$QUEUE" results --stream S --batch full --follow -k >out
seq 200 | cmp - out
kill -TERM $worker
wait $worker
