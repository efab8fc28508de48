# SPDX-License-Identifier: MIT
# A worker behind a network that is cut kills its jobs while nobody else may have them
# yet, and goes on when the network is there again.
. "$SRC/tests/queue/common"
server_start
# See stopped_worker_loses_its_jobs.
queue 1 --lease 12s --attempts 30
python3 "$SRC/tests/queue/proxy.py" "${NATS_URL#nats://}" proxy-port cut &
until [ -e proxy-port ]; do
	sleep 0.05
done
mkfifo begun
cat >job <<'EOF'
import os, signal, sys, time
def alive():
    open("alive.new", "w").write(str(time.monotonic()))
    os.rename("alive.new", "alive")
def first():
    try:
        return not os.mkdir("first.run")
    except FileExistsError:
        return False
if sys.argv[1] == "line":
    now = time.monotonic()
    if first():
        # As long as it lives it says so, and TERM does not end it.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        alive()
        open("begun", "w").write("\n")
        while True:
            alive()
            time.sleep(0.01)
    assert float(open("alive").read()) < now, "it ran on"
    time.sleep(0.5)
    assert float(open("alive").read()) < now, "it ran on"
print("done", *sys.argv[1:], os.environ["BPOOL_ATTEMPT"])
EOF
NATS_URL=nats://127.0.0.1:$(cat proxy-port) work first -j1 -- python3 "$PWD/job"
cut_off=$worker
echo line | "$QUEUE" submit --stream S --class c --batch b -q >name
read -r line <begun
touch cut
work second -j1 -- python3 "$PWD/job"
"$QUEUE" results --stream S --batch b --follow >out || { cat out; exit 1; }
grep -x 'done line [2-9]' out
kill -TERM $worker
wait $worker
rm cut
until grep -q 'its lease was lost' first; do
	sleep 0.05
done
# The first one works again, and has changed nothing.  What it had asked for while
# it was cut off it may let go, for it cannot know for how long that is its own; nor
# is it known on a slow machine what is given late.
echo more | "$QUEUE" submit --stream S --class c --wait -q >more
grep -x 'done more [1-9]' more
"$QUEUE" results --stream S --batch b | cmp out -
kill -TERM $cut_off
wait $cut_off
