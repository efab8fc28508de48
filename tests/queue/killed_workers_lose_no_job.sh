# SPDX-License-Identifier: MIT
# A thousand jobs while workers are killed thirty times: each has one result, no more
# ran than were and than were under way when one was killed, and never more than five
# at once, by what the jobs say of themselves.
. "$SRC/tests/queue/common"
server_start
queue 5 --lease 1s
seq 1000 | "$QUEUE" submit --stream S --class c --batch b -q >name
"$QUEUE" results --stream S --batch b --follow >out &
results=$!
# Each job writes when it begins and ends, in one write to the same file.
cat >job <<'EOF'
import os, sys, time
log = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND)
os.write(log, b"begin %d %d %s\n" % (os.getppid(), os.getpid(), sys.argv[1].encode()))
time.sleep(0.01)
os.write(log, b"end %d %d %s\n" % (os.getppid(), os.getpid(), sys.argv[1].encode()))
print(sys.argv[1])
EOF
: >log
work_here() {
	work errors -j4 -- python3 -S "$PWD/job" {} "$PWD/log"
}
work_here
first=$worker
work_here
second=$worker
work_here
third=$worker
killed=0
while [ $killed -lt 30 ]; do
	# A few more jobs, and then one of them, in turn.
	begun=$(wc -l <log)
	while [ "$(wc -l <log)" -lt $((begun + 12)) ] && kill -0 $results 2>/dev/null; do
		sleep 0.02
	done
	kill -KILL $first
	wait $first || :
	# Nobody is left of its jobs before they are another's: the lease is not over.
	echo "kill $first 0 0" >>log
	killed=$((killed + 1))
	work_here
	first=$second second=$third third=$worker
done
wait $results
seq 1000 >expected
sort -n out | cmp - expected
kill -TERM $first $second $third
wait $first $second $third
[ "$(status_of queued)" = 0 ]
[ "$(status_of in_flight)" = 0 ]
# What a killed worker had is killed with it, or has ended a moment before.
python3 - log "$(grep -c 'its lease was lost' errors || :)" <<'EOF'
import sys
begun, gone, most, runs, kills = {}, set(), 0, 0, []
for line in open(sys.argv[1]):
    what, worker, pid, job = line.split()
    if what == "kill":
        kills.append(worker)
        gone |= {p for p, (w, j) in begun.items() if w == worker}
        begun = {p: (w, j) for p, (w, j) in begun.items() if w != worker}
    elif what == "begin" and worker in kills:
        gone.add(pid)
    elif what == "begin":
        runs += 1
        # Who has lost a lease is killed, and does not say so here.
        assert int(sys.argv[2]) or job not in [j for w, j in begun.values()], job
        begun[pid] = (worker, job)
        most = max(most, len(begun))
    elif pid not in gone:
        del begun[pid]
print(runs, "runs,", most, "at once,", len(kills), "kills")
assert most <= 5 or int(sys.argv[2]), most
# A worker that gets no time to renew a lease loses it, and says so.
assert runs <= 1000 + 4 * len(kills) + int(sys.argv[2]), runs
assert len(kills) == 30
EOF
