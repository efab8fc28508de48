# SPDX-License-Identifier: MIT
# A job whose workers die of it is given to so many and no more; the others go on.
. "$SRC/tests/queue/common"
server_start
cat >job <<'EOF'
if [ $1 = killer ]; then
	echo >>runs.$2
	kill -KILL $PPID
	sleep 100
fi
echo $1
EOF
# A worker that had no time to renew its lease, or died before the job began, has been
# given it as well: where that was so, once more with twice the lease.
lease=1
while :; do
	# Nobody works, but what they had asked for may stand for a moment.
	until queue 2 --lease ${lease}s --attempts 3; do
		sleep 0.5
	done
	printf '%s\n' killer 1 2 3 |
		"$QUEUE" submit --stream S --class c --batch b$lease -q >name
	"$QUEUE" results --stream S --batch b$lease --follow -k >out 2>err &
	results=$!
	while kill -0 $results 2>/dev/null; do
		work errors -j1 -- sh "$PWD/job" {} $lease
		while kill -0 $worker 2>/dev/null && kill -0 $results 2>/dev/null; do
			sleep 0.02
		done
	done
	rc=0
	wait $results || rc=$?
	[ $rc = 123 ]
	[ "$(wc -l <runs.$lease)" -le 3 ]
	grep 'line 1: given up: given to 3 workers, none of which ended it: ' err
	kill -TERM $worker || :
	wait $worker || :
	[ "$(wc -l <runs.$lease)" -lt 3 ] || [ "$(wc -l <err)" != 1 ] || break
	cat err
	lease=$((lease * 2))
	[ $lease -le 32 ]
done
[ "$(wc -l <runs.$lease)" = 3 ]
seq 3 | cmp - out
# A dead letter is stored after its result.
until [ "$("$QUEUE" dlq list --stream S --batch b$lease | cut -f 1-3)" = \
	"$(printf "c\tb$lease\t1")" ]; do
	sleep 0.1
done
