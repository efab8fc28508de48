# SPDX-License-Identifier: MIT
# A machine that stands still for longer than a lease, with its worker and who watches
# over it, and goes on: its job is killed when that is seen, and what it did meanwhile
# changes nothing.
. "$SRC/tests/queue/common"
server_start
queue 1 --lease 1500ms
mkfifo begun
cat >job <<'EOF'
import os, sys, time
if os.environ["BPOOL_ATTEMPT"] == "1":
    def alive():
        open("alive.new", "w").write(str(time.monotonic()))
        os.rename("alive.new", "alive")
    alive()
    open("job.pid", "w").write(str(os.getpid()))
    open("begun", "w").write("\n")
    while True:
        alive()
        time.sleep(0.01)
print("done", os.environ["BPOOL_ATTEMPT"])
EOF
work first -j1 -- python3 "$PWD/job"
still=$worker
echo line | "$QUEUE" submit --stream S --class c --batch b -q >name
read -r line <begun
# The worker, who watches (a process of the same command that is nobody's child), and
# what runs: all that there is of that machine.
cmdline() {
	tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || :
}
guard=$(for pid in $(pgrep -x bpool-queue); do
	if [ "$(cmdline $pid)" = "$(cmdline $still)" ] && [ $pid != $still ]; then
		echo $pid
	fi
done)
[ "$(echo "$guard" | wc -w)" = 1 ]
job=$(cat job.pid)
kill -STOP $still $guard $job
work second -j1 -- python3 "$PWD/job"
[ "$("$QUEUE" results --stream S --batch b --follow)" = 'done 2' ]
kill -0 $job
went_on=$(python3 -c 'import time; print(time.monotonic())')
kill -CONT $job $guard $still
until grep -q 'its lease was lost' first; do
	sleep 0.05
done
python3 - "$went_on" <<'EOF'
import sys
print("ran on for %.3f s" % max(0, float(open("alive").read()) - float(sys.argv[1])))
EOF
rc=0
kill -0 $job 2>/dev/null || rc=$?
[ $rc != 0 ]
[ "$("$QUEUE" results --stream S --batch b)" = 'done 2' ]
kill -TERM $worker $still
wait $worker $still
