# SPDX-License-Identifier: MIT
# The five commands of docs/many-machines.md, with another port, print what the one for
# bpool prints.
. "$SRC/tests/queue/common"
awk '$0 == "```" { inside = 0 } inside { print >("block" n) }
	$0 == "```sh" { inside = 1; n++ }' "$SRC/docs/many-machines.md"
[ "$(wc -l <block1)" = 1 ]
[ "$(wc -l <block2)" = 5 ]
PATH=$BUILD:$PATH
sh block1 >expected
seq 20 | sed 's/^/fetched /' | cmp - expected
# A port that is free now; the server of the page is the first command.
server_start
server_stop TERM
{
	sed -n "1s/^nats-server /&-p $port /p" block2
	echo 'until bpool-queue status --stream Q 2>&1 | grep -q "no such queue"'
	echo 'do sleep 0.1; done'
	sed 1d block2
	echo 'rc=$?; workers=$(pgrep -P $$ bpool-queue); kill -TERM $workers; wait $workers'
	echo 'pkill -TERM -P $$ nats-server; wait; exit $rc'
} >page
grep -q "^nats-server -p $port " page
sh page >out 2>err || { cat err; exit 1; }
cmp expected out
grep -q 'batch .*: 20 queued' err
