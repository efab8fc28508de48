# SPDX-License-Identifier: MIT
# A worker that is told to end while there is no server does not wait for the answers
# that it would get from one: with nothing to do it ends, and with a job after its grace.
. "$SRC/tests/queue/common"
server_start
queue 1
# ends: TERM, without a server.
ends() {
	server_stop KILL
	# It has seen that.
	while ls -l /proc/$worker/fd | grep socket; do
		sleep 0.02
	done
	kill -TERM $worker
	# Each of the answers would be waited for for 5 s, and there are five.
	timeout 20 tail --pid=$worker -f /dev/null
	wait $worker
	server_start
}
work idle -j2 -- true
until_is workers 1
ends
[ ! -s idle ] || { cat idle; exit 1; }
work busy -j2 --grace 500ms -- sh -c ': >ran; sleep 60' x
echo line | "$QUEUE" submit --stream S --class c -q >name
until [ -e ran ]; do
	sleep 0.05
done
ends
grep 'stopping 1 jobs, which go back to the queue' busy
