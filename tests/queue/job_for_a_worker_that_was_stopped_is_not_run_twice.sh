# SPDX-License-Identifier: MIT
# What an idle worker had asked for comes while it is stopped, and is another's when it
# goes on: it is not run again, nor given to a third.
. "$SRC/tests/queue/common"
server_start
# See stopped_worker_loses_its_jobs.
queue 4 --lease 12s --attempts 30
work first -j2 -- sh -c 'echo first >>runs; echo $1' x
stopped=$worker
mkfifo lines
# Into its socket, within the time for which it asked: if that was just over, once more.
# Who submits is connected by then and waits for lines.
try=0 given=0
until [ "$given" = 2 ]; do
	if [ $try -gt 0 ]; then
		kill -CONT $stopped
		"$QUEUE" results --stream S --batch b$try --follow -q >out
	fi
	try=$((try + 1))
	"$QUEUE" submit --stream S --class c --batch b$try -q <lines >name &
	submit=$!
	exec 3>lines
	until "$QUEUE" results --stream S --batch b$try 2>&1 3>&- |
		grep 'it is not all queued'; do
		sleep 0.05
	done
	until_is waiting 2
	rm -f runs
	kill -STOP $stopped
	seq 2 >&3
	exec 3>&-
	wait $submit
	for look in 1 2 3 4 5 6; do
		given=$(status_of in_flight)
		[ "$given" != 2 ] || break
		sleep 0.2
	done
done
mkfifo go
work second -j2 -- sh -c 'echo second >>runs; read -r l <go; echo $1' x
# They are the second's, and run for longer than the first is away.
until [ -e runs ] && [ "$(grep -c second runs)" -ge 2 ]; do
	sleep 0.05
done
kill -CONT $stopped
# It asks again, and gets others.
seq 3 4 | "$QUEUE" submit --stream S --class c --batch more -q --wait -k >out
seq 3 4 | cmp - out
exec 5<>go
echo >&5
echo >&5
"$QUEUE" results --stream S --batch b$try --follow -k >out
seq 2 | cmp - out
[ "$(grep -c second runs)" -le $((2 + $(leases_lost second))) ]
[ "$(grep -c first runs)" -le $((2 + $(leases_lost first))) ]
kill -TERM $worker $stopped
wait $worker $stopped
