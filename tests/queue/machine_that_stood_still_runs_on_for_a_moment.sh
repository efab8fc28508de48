# SPDX-License-Identifier: MIT
# A machine that stands still for longer than a lease, with its worker and who watches
# over it, and goes on: its job is killed when that is seen, and what it did meanwhile
# changes nothing.
. "$SRC/tests/queue/common"
server_start
# See stopped_worker_loses_its_jobs.
queue 1 --lease 12s --attempts 30
cat >job <<'EOF'
import os, sys, time
def alive():
    open("alive.new", "w").write(str(time.monotonic()))
    os.rename("alive.new", "alive")
try:
    pid = os.open("pid." + sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_EXCL)
except FileExistsError:
    print("done", os.environ["BPOOL_ATTEMPT"])
    sys.exit()
alive()
os.write(pid, b"%d\n" % os.getpid())
while True:
    alive()
    time.sleep(0.01)
EOF
work first -j1 -- python3 "$PWD/job"
still=$worker
# The worker, who watches (a process of the same command that is nobody's child), and
# what runs: all that there is of that machine.
cmdline() {
	tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || :
}
# Neither who watches nor what runs is a child of this test's.
guard='' job=''
trap 'kill -KILL $guard $job 2>/dev/null || :; at_end' EXIT
# Where the lease was lost before they stand still, with another job.
line=1
while :; do
	lost=$(leases_lost first)
	echo $line | "$QUEUE" submit --stream S --class c --batch b$line -q >name
	until [ -s pid.$line ]; do
		sleep 0.02
	done
	guard=$(for pid in $(pgrep -x bpool-queue); do
		if [ "$(cmdline $pid)" = "$(cmdline $still)" ] && [ $pid != $still ]; then
			echo $pid
		fi
	done)
	job=$(cat pid.$line)
	if [ "$(echo "$guard" | wc -w)" = 1 ] && kill -STOP $still $guard $job &&
		alive $job && [ "$(leases_lost first)" = $lost ]; then
		break
	fi
	kill -CONT $still $guard $job || :
	cat first
	"$QUEUE" results --stream S --batch b$line --follow
	line=$((line + 1))
	[ $line -le 5 ]
done
work second -j1 -- python3 "$PWD/job"
"$QUEUE" results --stream S --batch b$line --follow >out
grep -x 'done [2-9]' out
kill -0 $job
went_on=$(python3 -c 'import time; print(time.monotonic())')
kill -CONT $job $guard $still
until [ "$(leases_lost first)" -gt $lost ]; do
	sleep 0.05
done
python3 - "$went_on" <<'EOF'
import sys
ran = max(0, float(open("alive").read()) - float(sys.argv[1]))
print("ran on for %.3f s" % ran)
# A guard: the watcher looks four times a second.
assert ran < 20
EOF
dead $job
"$QUEUE" results --stream S --batch b$line | cmp out -
kill -TERM $worker $still
wait $worker $still
guard='' job=''
