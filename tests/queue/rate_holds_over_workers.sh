# SPDX-License-Identifier: MIT
# With a rate no more jobs start in any such time than it says, over all workers; it is
# changed and taken away while they work.
. "$SRC/tests/queue/common"
server_start
queue 50 --rate 10/1s
# work_on FILE...: a worker for each, with events there.
work_on() {
	workers=
	for file; do
		work errors -j6 --events $file -- true
		workers="$workers $worker"
	done
}
# started BATCH
started() {
	cat events.? | grep -c '"event":"start".*'"$1"'"' || :
}
# lines WORD N: each of them that word.
lines() {
	seq $2 | sed "s/.*/$1/"
}
work_on events.1 events.2 events.3
# check BATCH N PERIOD BEGIN: the k-th start, and between one and the N-th after it.  The
# first is never too early.  The second is too short too where a worker stood still from a
# job's turn to its start: status 3, and it is to be looked at once more.
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
n, period, begin = int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
gaps = [b - a for a, b in zip(at, at[n:])]
print(len(at), "starts in", at[-1] - at[0], "s; the least of", n, "in", min(gaps))
for k, time in enumerate(at):
    assert time >= begin + k // n * period - 0.05, (k, begin, at)
sys.exit(3 if min(gaps) < period / 2 else 0)
EOF
# held WORD JOBS N PERIOD
held() {
	for try in 1 2 3 4 5; do
		begin=$(date +%s.%N)
		lines $1$try $2 | "$QUEUE" submit --stream S --class c -q --wait >out
		rc=0
		python3 check $1$try $3 $4 $begin || rc=$?
		[ $rc != 0 ] || return 0
		[ $rc = 3 ]
	done
	exit 1
}
held ten 35 10 1
"$QUEUE" limit --stream S --class c -N 50 --rate 2/1s
held two 8 2 1
# Without it, none waits for another, nor for the hour for which they did.
"$QUEUE" limit --stream S --class c -N 50 --rate 1/1h
lines none 60 | "$QUEUE" submit --stream S --class c --batch none -q >name
until_is in_flight 18
[ "$(started none)" -le 1 ]
"$QUEUE" limit --stream S --class c -N 50 --rate none
"$QUEUE" results --stream S --batch none --follow
[ "$(started none)" = 60 ]
nothing_wrong errors
kill -TERM $workers
wait $workers
# Those that wait for their turn go back when their worker ends, or their class is
# drained, and lose no attempt over it.  (A start of before may count for this hour.)
"$QUEUE" limit --stream S --class c -N 50 --rate 1/1h --attempts 1
work_on events.4 events.5 events.6
lines hour 12 | "$QUEUE" submit --stream S --class c --batch hour -q >name
all_wait() {
	until [ "$(status_of in_flight)" = $((12 - $(started hour))) ]; do
		sleep 0.05
	done
	[ "$(started hour)" -le 1 ]
}
all_wait
"$QUEUE" drain --stream S --class c
[ "$(status_of in_flight)" = 0 ]
"$QUEUE" resume --stream S --class c
all_wait
kill -TERM $workers
wait $workers
"$QUEUE" limit --stream S --class c -N 50 --rate none
work_on events.7
"$QUEUE" results --stream S --batch hour --follow
[ "$(started hour)" = 12 ]
nothing_wrong errors
kill -TERM $worker
wait $worker
for rate in 10/50ms 5/s:5 x; do
	rc=0
	"$QUEUE" limit --stream S --class c -N 5 --rate $rate 2>err || rc=$?
	[ $rc = 2 ]
	grep -e '^bpool-queue: --rate' err
done
