# SPDX-License-Identifier: MIT
# A worker that is stopped for longer than its lease has its jobs killed, all of their
# sessions, before another runs them; and when it goes on, it does no harm.
. "$SRC/tests/queue/common"
server_start
# A lease that is renewed in time by a worker that stands still for three seconds; where
# it is not, there are more attempts.
queue 1 --lease 12s --attempts 30
mkfifo begun
cat >job <<'EOF'
echo $2 >>runs
if [ $2 = line ] && mkdir first.run 2>/dev/null; then
	echo $$ >first.run/sid
	# Also of other sessions, and without the variables by which they are known.
	setsid sleep 1000.$1 &
	setsid env -i sleep 1000.$1 &
	env -i sleep 1001.$1 &
	echo begun >begun
	wait
fi
# Nobody is left of the one before, but who is to be reaped by the worker, or was killed
# and has had no turn to end.
if [ $2 = line ]; then
	ps -eo sid=,stat=,pending=,args= |
		awk '$2 !~ /Z/ && $3 !~ /[13579bdf]..$/' >there.$$
	grep -E "^ *$(cat first.run/sid) |sleep 100[01].$1$" there.$$ >>overlap
fi
echo done $BPOOL_ATTEMPT
EOF
# In the worker's directory: what a job writes is found there.
work first -j1 -- sh "$PWD/job" $$
stopped=$worker
echo line | "$QUEUE" submit --stream S --class c --batch b -q >name
read -r line <begun
kill -STOP $stopped
work second -j1 -- sh "$PWD/job" $$
"$QUEUE" results --stream S --batch b --follow >out
grep -x 'done [2-9]' out
[ ! -s overlap ] || { cat overlap; exit 1; }
kill -CONT $stopped
# It says so, and goes on.
until grep -q 'its lease was lost' first; do
	sleep 0.05
done
kill -TERM $worker
wait $worker
echo more | "$QUEUE" submit --stream S --class c --wait -q >more
grep -x 'done [1-9]' more
kill -TERM $stopped
wait $stopped
"$QUEUE" results --stream S --batch b | cmp out -
# The first one's, the one that ended, and that of `more`: any other was lost as well.
[ "$(wc -l <runs)" -le $((2 + $(leases_lost first second))) ]
