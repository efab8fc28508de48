# SPDX-License-Identifier: MIT
# A job that says that it was refused, by status 75 or with a time, pauses its class on
# all workers: nothing of it starts meanwhile, whoever is free, nor on one that comes.
# It is tried again without an attempt being taken from it, if retries were asked for.
. "$SRC/tests/queue/common"
server_start
queue 4
cat >job <<'EOF'
import os, sys, time
name, n = sys.argv[1].split()[:2]
with open("starts", "a") as file:
    file.write("%s %s %s %f\n" % (name, n, os.environ["BPOOL_ATTEMPT"], time.time()))
mark = "refused." + name + n
if name == "told" and not os.path.exists(mark):
    open(mark, "w").close()
    with open(int(os.environ["BPOOL_FEEDBACK"]), "w") as file:
        file.write("retry-after %s\n" % n)
    # The time was told before it is written down.
    open("paused.new", "w").write(str(time.time()))
    os.rename("paused.new", "paused")
    sys.exit(1)
if name == "over":
    time.sleep(1)
    sys.exit(75)
if name == "long":
    with open(int(os.environ["BPOOL_FEEDBACK"]), "w") as file:
        file.write("retry-after 400\n")
    sys.exit(1)
if name == "status" and not os.path.exists(mark):
    open(mark, "w").close()
    sys.exit(75)
print(name, n)
EOF
workers=
for w in 1 2; do
	work errors -j2 -- python3 "$PWD/job"
	workers="$workers $worker"
done
# When that is known, one more worker finds it.  A machine that sees it too late sees a
# longer one.
for told in 5 15 45; do
	echo "told $told" | "$QUEUE" submit --stream S --class c --batch told.$told -q \
		--retries 2 >name
	until [ -e paused ]; do
		sleep 0.01
	done
	while [ "$(grep -c "^told $told " starts)" = 1 ]; do
		! again "$QUEUE" status --stream S --json | grep '"paused":' || break 2
	done
	[ $told != 45 ]
	"$QUEUE" results --stream S --batch told.$told --follow
	rm paused
done
work errors -j2 -- python3 "$PWD/job"
workers="$workers $worker"
seq 20 | sed 's/^/later /' | "$QUEUE" submit --stream S --class c -q --wait -k >out
seq 20 | sed 's/^/later /' | cmp - out
[ "$("$QUEUE" results --stream S --batch told.$told --follow)" = "told $told" ]
python3 - $told <<'EOF'
import sys
told = sys.argv[1]
paused = float(open("paused").read())
starts = [line.split() for line in open("starts")]
after = [float(when) for name, n, attempt, when in starts if name == "later"]
again = [float(when) for name, n, attempt, when in starts if name == "told" and n == told]
assert len(after) == 20 and len(again) == 2, starts
assert min(after) >= paused + int(told) - 0.05, (paused, min(after))
assert again[1] >= paused + int(told) - 0.05, (paused, again)
EOF
# By the status alone; no retry is used up, so 2 do for each.
printf 'status %d\n' 1 2 3 4 | "$QUEUE" submit --stream S --class c -q --wait -k \
	--retries 2 >out
printf 'status %d\n' 1 2 3 4 | cmp - out
[ "$(grep -c '^status' starts)" = 8 ]
[ "$(awk '$1 == "status" && $3 != 1' starts | wc -l)" = 0 ]
# Without --retries it is a failure, as with bpool.
rc=0
echo 'status 5' | "$QUEUE" submit --stream S --class c -q --wait 2>err || rc=$?
[ $rc = 123 ]
grep 'exit status 75' err
# As long as it refuses the pauses grow, also where those that it refuses have begun one
# after the other, each before the pause of another: in these 13 s they come to 6 s, and
# each of four takes one; without pauses it would be 48.
until_is in_flight 0
begin=$(date +%s)
for n in 1 2 3 4; do
	echo over $n | "$QUEUE" submit --stream S --class c --batch over.$n -q --retries 2
	sleep 0.2
done >names
sleep 12
over=$(grep -c '^over' starts)
[ "$over" -le $((30 + 2 * ($(date +%s) - begin - 13))) ] || { cat starts; exit 1; }
until [ "$(grep -c '^over' starts)" -ge 5 ]; do
	sleep 0.1
done
"$QUEUE" drain --stream S --class c
# Who is to wait for too long has failed, and with it its attempts.
"$QUEUE" init --stream T
"$QUEUE" limit --stream T --class c -N 4
"$QUEUE" work --stream T --class c -j2 -- python3 "$PWD/job" 2>>errors &
workers="$workers $!"
rc=0
echo long 1 | "$QUEUE" submit --stream T --class c --retries 5 --wait -q 2>err || rc=$?
[ $rc = 123 ]
grep 'told to come back in 400 s, which is too long' err
"$QUEUE" status --stream T | grep 'paused for 3[0-9][0-9]\|paused for 400'
[ "$(grep -c '^long' starts)" = 1 ]
nothing_wrong errors
kill -TERM $workers
wait $workers
