# SPDX-License-Identifier: MIT
# Three servers, each with all of the queue: the one that leads the class is killed in
# the middle, and comes back, and so is the next that leads.  Each job has one result,
# no more run at once than may, and who submits and works notices a pause.
. "$SRC/tests/queue/common"
JOBS=${JOBS-600}

# member N: a server of the cluster, its pid in $pid; where it was before it is again.
member() {
	rm -f "$1"/*.ports
	mkdir -p "$1"
	nats-server -js -a 127.0.0.1 -p "$(cat "$1/port" 2>/dev/null || echo -1)" \
		--server_name "$1" --cluster_name C \
		--cluster "nats://127.0.0.1:$(cat "$1/route" 2>/dev/null || echo -1)" \
		--routes "${routes:-nats://127.0.0.1:1}" --ports_file_dir "$PWD/$1" \
		-sd "$PWD/$1/store" </dev/null >>"$1/log" 2>&1 &
	echo $! >"$1/pid"
	until grep -q cluster "$1"/*.ports 2>/dev/null; do
		kill -0 "$(cat "$1/pid")" || { tail "$1/log"; exit 1; }
		sleep 0.05
	done
	sed 's/.*"nats":\["[^"]*:\([0-9]*\)"\].*/\1/' "$1"/*.ports >"$1/port"
	sed 's/.*"cluster":\["[^"]*:\([0-9]*\)"\].*/\1/' "$1"/*.ports >"$1/route"
}
# The others hear of each other from the first.
routes=
member a
routes=nats://127.0.0.1:$(cat a/route)
member b
member c
routes=$routes,nats://127.0.0.1:$(cat b/route),nats://127.0.0.1:$(cat c/route)
url() {
	echo "nats://127.0.0.1:$(cat "$1/port")"
}
# All of them, so that one that is down is none to begin with.
NATS_URL=$(url a),$(url b),$(url c)
export NATS_URL
# They elect a leader first.
tries=0
until "$QUEUE" init --stream S --replicas 3 2>err; do
	tries=$((tries + 1))
	[ $tries -lt 60 ] || { cat err; exit 1; }
	sleep 0.5
done
"$QUEUE" limit --stream S --class c -N 5 --lease 4s
for w in 1 2 3; do
	work errors -j8 --events events.$w -- sh -c 'sleep 0.05; echo "out $1"' x
	workers="${workers-} $worker"
done
seq $JOBS | "$QUEUE" submit --stream S --class c --batch b --wait -k -q >out 2>err &
submit=$!
ended() {
	cat events.? 2>/dev/null | grep -c '"event":"end"' || :
}
# leader: which of them leads the class, once there is one.
leader() {
	while :; do
		for member in a b c; do
			if python3 "$SRC/tests/cluster/ask.py" "$(url $member)" \
				'$JS.API.CONSUMER.INFO.S.c' cluster leader 2>ask.err; then
				return
			fi
		done
		sleep 0.2
	done
}
for kill in 1 2; do
	until [ "$(ended)" -ge $((JOBS * kill / 4)) ]; do
		kill -0 $submit || { cat err; exit 1; }
		sleep 0.05
	done
	killed=$(leader)
	before=$(ended)
	begin=$(date +%s%N)
	kill -KILL "$(cat "$killed/pid")"
	wait "$(cat "$killed/pid")" 2>/dev/null || :
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
[ "$runs" -le $((JOBS + 2 * 24)) ]
