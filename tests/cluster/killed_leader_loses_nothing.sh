# SPDX-License-Identifier: MIT
# Three servers, each with all of the queue: the one that leads the class is killed in
# the middle, and comes back, and so is the next that leads.  Each job has one result,
# no more run at once than may, and who submits and works notices a pause.
. "$SRC/tests/cluster/common"
JOBS=${JOBS-600}

cluster_start
# None of the last half ends before the first leader is killed, and none of the last
# quarter before the second: it is the middle on any machine.
cat >job <<'EOF'
sleep 0.05
for kill in 1 2; do
	while [ "$1" -gt $(($2 * (kill + 1) / 4)) ] && ! [ -e killed.$kill ]; do
		sleep 0.05
	done
done
echo "out $1"
EOF
again "$QUEUE" limit --stream S --class c -N 5 --lease 4s
for w in 1 2 3; do
	work errors -j8 --events events.$w -- sh "$PWD/job" {} $JOBS
	workers="${workers-} $worker"
done
until_is workers 3
seq $JOBS | "$QUEUE" submit --stream S --class c --batch b --wait -k -q >out 2>err &
submit=$!
ended() {
	cat events.? 2>/dev/null | grep -c '"event":"end"' || :
}
for kill in 1 2; do
	until [ "$(ended)" -ge $((JOBS * kill / 4)) ]; do
		kill -0 $submit || { cat err; exit 1; }
		sleep 0.05
	done
	killed=$(leader)
	before=$(ended)
	begin=$(date +%s%N)
	member_kill "$killed"
	: >killed.$kill
	# Those that ran when it died end; what comes after them a new leader gave.
	until [ "$(ended)" -gt $((before + 10)) ]; do
		kill -0 $submit || { cat err; exit 1; }
		sleep 0.05
	done
	echo "$killed killed after $before jobs; ten more had ended" \
		"$((($(date +%s%N) - begin) / 1000000)) ms later, led by $(leader)"
	member "$killed"
done
rc=0
wait $submit || rc=$?
[ $rc = 0 ] || { cat err; exit 1; }
seq $JOBS | sed 's/^/out /' | cmp - out
kill -TERM $workers
wait $workers
peak=$(peak events.1 events.2 events.3)
runs=$(cat events.? | grep -c '"event":"start"')
echo "$runs runs of $JOBS jobs, $peak at once"
[ "$peak" -le 5 ]
# What ran when a leader died may run twice.
[ "$runs" -ge $JOBS ]
[ "$runs" -le $((JOBS + 2 * 24 + $(leases_lost errors))) ]
