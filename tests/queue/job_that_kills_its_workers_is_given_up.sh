# SPDX-License-Identifier: MIT
# A job whose workers die of it is given to so many and no more; the others go on.
. "$SRC/tests/queue/common"
server_start
queue 2 --lease 1s --attempts 3
cat >job <<'EOF'
if [ $1 = killer ]; then
	echo >>runs
	kill -KILL $PPID
	sleep 100
fi
echo $1
EOF
printf '%s\n' killer 1 2 3 | "$QUEUE" submit --stream S --class c --batch b -q >name
"$QUEUE" results --stream S --batch b --follow -k >out 2>err &
results=$!
while kill -0 $results 2>/dev/null; do
	work errors -j1 -- sh "$PWD/job"
	while kill -0 $worker 2>/dev/null && kill -0 $results 2>/dev/null; do
		sleep 0.02
	done
done
rc=0
wait $results || rc=$?
[ $rc = 123 ]
[ "$(wc -l <runs)" = 3 ]
seq 3 | cmp - out
grep 'line 1: given up: given to 3 workers, none of which ended it: ' err
[ "$("$QUEUE" dlq list --stream S | cut -f 1-3)" = "$(printf 'c\tb\t1')" ]
kill -TERM $worker
wait $worker
