# SPDX-License-Identifier: MIT
# With a rate no more jobs start in any such time than it says, over all workers; it is
# changed and taken away while they work.
. "$SRC/tests/queue/common"
server_start
queue 50
workers=
for w in 1 2 3; do
	work errors -j6 --events events.$w -- true
	workers="$workers $worker"
done
# submit FILE N
submit() {
	seq $2 | sed "s/.*/$1/" | "$QUEUE" submit --stream S --class c -q --wait >out
}
"$QUEUE" limit --stream S --class c -N 50 --rate 10/1s
# Until each worker has looked.
sleep 2
submit ten 35
# check BATCH N PERIOD: between a start and the N-th after it that passes, less what a
# slow machine takes from a job's turn to its start.
cat >check <<'EOF'
import glob, json, sys
from datetime import datetime
at = []
for name in glob.glob("events.?"):
    for line in open(name):
        event = json.loads(line)
        if event["event"] == "start" and event["command"].split()[-1] == sys.argv[1]:
            time = datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
            at.append(time.timestamp())
at.sort()
n, period = int(sys.argv[2]), float(sys.argv[3])
gaps = [b - a for a, b in zip(at, at[n:])]
print(len(at), "starts in", at[-1] - at[0], "s; the least of", n, "in", min(gaps))
assert min(gaps) >= period / 2, at
assert at[-1] - at[0] >= (len(at) - 1) // n * period - period / 2, at
EOF
python3 check ten 10 1
"$QUEUE" limit --stream S --class c -N 50 --rate 2/1s
submit two 8
python3 check two 2 1
# Without it, none waits for another.
"$QUEUE" limit --stream S --class c -N 50 --rate none
submit none 60
[ "$(cat events.? | grep -c '"event":"start".*none"')" = 60 ]
# By either rate the last would come five seconds after the first, and more.
if python3 check none 10 1; then
	exit 1
fi
[ ! -s errors ] || { cat errors; exit 1; }
# Those that wait for their turn go back when their worker ends, or their class is
# drained, and lose no attempt over it.  (Starts of before would count for this hour.)
sleep 2
"$QUEUE" limit --stream S --class c -N 50 --rate 1/1h --attempts 1
sleep 2
seq 12 | sed 's/.*/hour/' | "$QUEUE" submit --stream S --class c --batch hour -q >name
until [ "$(status_of in_flight)" = 11 ]; do
	sleep 0.05
done
"$QUEUE" drain --stream S --class c
[ "$(status_of in_flight)" = 0 ]
"$QUEUE" resume --stream S --class c
until_is in_flight 11
kill -TERM $workers
wait $workers
"$QUEUE" limit --stream S --class c -N 50 --rate none
workers=
work errors -j6 --events events.9 -- true
"$QUEUE" results --stream S --batch hour --follow
[ "$(cat events.? | grep -c '"event":"start".*hour"')" = 12 ]
[ ! -s errors ] || { cat errors; exit 1; }
kill -TERM $worker
wait $worker
for rate in 10/50ms 5/s:5 x; do
	rc=0
	"$QUEUE" limit --stream S --class c -N 5 --rate $rate 2>err || rc=$?
	[ $rc = 2 ]
	grep -e '^bpool-queue: --rate' err
done
