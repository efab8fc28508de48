# SPDX-License-Identifier: MIT
# A thousand jobs while workers are killed twelve times: each has one result,
# there were no more runs than jobs and those under way at each kill, and never more
# than five at once, by what the jobs say of themselves.
. "$SRC/tests/queue/common"
server_start
# Who watches over a worker may stand still for two thirds of that when it is killed.
queue 5 --lease 4s --attempts 30
seq 1000 | "$QUEUE" submit --stream S --class c --batch b -q >name
"$QUEUE" results --stream S --batch b --follow >out &
results=$!
# Each job writes when it begins and ends, in one write to the same file, and whether
# another is alive that has begun the same.
cat >job <<'EOF'
import os, sys, time
job, path = sys.argv[1], sys.argv[2]
log = os.open(path, os.O_WRONLY | os.O_APPEND)
def say(what):
    os.write(log, f"{what} {os.getppid()} {os.getpid()} {job}\n".encode())
# Then it has only had no turn to end yet.
def is_killed(pid):
    with open(f"/proc/{pid}/status") as status:
        return any(int(line.split()[1], 16) & 0x100 for line in status
                   if line.startswith(("SigPnd", "ShdPnd")))
def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            state = stat.read().rsplit(")", 1)[1].split()[0]
        with open(f"/proc/{pid}/cmdline") as line:
            same = line.read().split("\0")[-3:-1] == sys.argv[1:]
        return same and state not in "ZX" and not is_killed(pid)
    except OSError:
        return False
for line in open(path):
    what, worker, pid, other = line.split()
    if what == "begin" and other == job and is_alive(pid):
        say("overlap")
say("begin")
time.sleep(0.01)
say("end")
print(job)
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
while [ $killed -lt 12 ]; do
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
# Results come before the jobs are out of the queue.
until_is in_flight 0
kill -TERM $first $second $third
wait $first $second $third
[ "$(status_of queued)" = 0 ]
[ "$(status_of in_flight)" = 0 ]
# No job ran while another of the same did.  Of those that ended, no more than five ran
# at once; what was killed is not among them, as it does not say when.
python3 - log "$(grep -c 'its lease was lost' errors || :)" <<'EOF'
import sys
lines = [line.split() for line in open(sys.argv[1])]
ended = {(pid, job) for what, worker, pid, job in lines if what == "end"}
runs = running = most = kills = 0
for what, worker, pid, job in lines:
    assert what != "overlap", (job, "ran twice at once")
    kills += what == "kill"
    runs += what == "begin"
    if (pid, job) in ended:
        running += (what == "begin") - (what == "end")
    most = max(most, running)
print(runs, "runs,", most, "at once,", kills, "kills,", sys.argv[2], "leases lost")
assert running == 0
assert most <= 5, most
assert kills == 12
# Those of a worker that was killed, and of one that was given no time to renew them,
# which it says unless it was killed before.
assert runs <= 1000 + 4 * kills + int(sys.argv[2]), runs
EOF
