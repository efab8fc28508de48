# SPDX-License-Identifier: MIT
# A worker that is stopped for longer than its lease has its jobs killed, all of their
# sessions, before another runs them; and when it goes on, it does no harm.
. "$SRC/tests/queue/common"
server_start
queue 1 --lease 1s
mkfifo begun
cat >job <<'EOF'
echo $$ $BPOOL_ATTEMPT >>runs
if [ "$BPOOL_ATTEMPT $2" = "1 line" ]; then
	# Also of other sessions, and without the variables by which they are known.
	setsid sleep 1000.$1 &
	setsid env -i sleep 1000.$1 &
	env -i sleep 1001.$1 &
	echo begun >begun
	wait
fi
# Nobody is left of the one before, but who is to be reaped by the worker.
if [ "$BPOOL_ATTEMPT" = 2 ]; then
	ps -eo sid=,stat=,args= | grep -v ' Z' >there
	grep -E "^ *$(sed -n 's/ 1$//p' runs) |sleep 100[01].$1$" there &&
		echo overlap >overlap
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
[ "$(cat out)" = 'done 2' ]
[ "$(wc -l <runs)" = 2 ]
[ ! -e overlap ]
kill -CONT $stopped
# It says so, and goes on.
until grep -q 'its lease was lost' first; do
	sleep 0.05
done
kill -TERM $worker
wait $worker
echo more | "$QUEUE" submit --stream S --class c --wait -q >out
[ "$(cat out)" = 'done 1' ]
kill -TERM $stopped
wait $stopped
[ "$("$QUEUE" results --stream S --batch b)" = 'done 2' ]
