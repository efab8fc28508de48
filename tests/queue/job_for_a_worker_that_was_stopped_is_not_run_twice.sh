# SPDX-License-Identifier: MIT
# What an idle worker had asked for comes while it is stopped, and is another's when it
# goes on: it is not run again, nor given to a third.
. "$SRC/tests/queue/common"
server_start
queue 4 --lease 6s
work first -j2 -- sh -c 'echo first >>runs; echo $1' x
stopped=$worker
# Into its socket, within the time for which it asked: if that was just over, once more.
try=0 given=0
until [ "$given" = 2 ]; do
	if [ $try -gt 0 ]; then
		kill -CONT $stopped
		"$QUEUE" results --stream S --batch b$try --follow -q >out
		rm -f runs
	fi
	try=$((try + 1))
	until_is waiting 2
	kill -STOP $stopped
	seq 2 | "$QUEUE" submit --stream S --class c --batch b$try -q >name
	for look in 1 2 3 4 5 6; do
		given=$(status_of in_flight)
		[ "$given" != 2 ] || break
		sleep 0.2
	done
done
mkfifo go
work second -j2 -- sh -c 'echo second >>runs; read -r l <go; echo $1' x
# They are the second's, and run for longer than the first is away.
until [ "$(grep -c second runs)" -ge 2 ]; do
	sleep 0.05
done
kill -CONT $stopped
# It asks again, and gets others.
: >runs.before
seq 3 4 | "$QUEUE" submit --stream S --class c --batch more -q --wait -k >out
seq 3 4 | cmp - out
exec 5<>go
echo >&5
echo >&5
"$QUEUE" results --stream S --batch b$try --follow -k >out
seq 2 | cmp - out
[ "$(grep -c second runs)" = 2 ]
[ "$(grep -c first runs)" = 2 ]
kill -TERM $worker $stopped
wait $worker $stopped
