# SPDX-License-Identifier: MIT
# A queue takes as many jobs as it was made for, and submit sleeps until there is room
# for more; nothing is lost on the way.
. "$SRC/tests/queue/common"
server_start
"$QUEUE" init --stream S --max-queued 10
"$QUEUE" limit --stream S --class c -N 4
seq 100 | "$QUEUE" submit --stream S --class c --wait -k >out 2>err &
submit=$!
until_is queued 10
# A queue that has jobs is made no smaller, and keeps what it has when it is made again.
"$QUEUE" init --stream S
[ "$(status_of queued)" = 10 ]
rc=0
"$QUEUE" init --stream S --max-queued 5 2>said || rc=$?
[ $rc = 1 ]
grep 'it can be less only while the queue is empty, and there are 10 jobs in it' said
[ "$(status_of queued)" = 10 ]
# It goes on waiting.
for i in 1 2 3 4 5; do
	[ "$(status_of queued)" = 10 ]
	kill -0 $submit
	sleep 0.1
done
# And also where its input has more to say only later.
mkfifo lines
"$QUEUE" submit --stream S --class c --batch slow -q <lines >/dev/null &
slow=$!
exec 3>lines
echo late >&3
work errors -j4 -- echo 3>&-
wait $submit
seq 100 | cmp - out
until [ "$("$QUEUE" results --stream S --batch slow 2>/dev/null)" = late ]; do
	sleep 0.1
done
"$QUEUE" results --stream S --batch slow --follow -k >out 3>&- &
results=$!
exec 3>&-
wait $slow
wait $results
[ "$(cat out)" = late ]
kill -TERM $worker
wait $worker
# One that is killed meanwhile is made up for by the same lines.
seq 30 | "$QUEUE" submit --stream S --class c --batch killed -q >/dev/null &
until_is queued 10
kill -KILL $!
wait $! || :
work errors -j4 -- sh -c 'echo run >>"$2"; echo $1' x {} "$PWD/runs"
seq 30 | "$QUEUE" submit --stream S --class c --batch killed -q --wait -k >out
seq 30 | cmp - out
[ "$(wc -l <runs)" = 30 ]
kill -TERM $worker
wait $worker
