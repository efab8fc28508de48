# SPDX-License-Identifier: MIT
# Of three servers two are killed, for longer than a lease, and come back: meanwhile
# submit sleeps, and what runs ends, or is killed where its lease cannot be renewed;
# afterwards all goes on by itself, and each job has one result.
. "$SRC/tests/cluster/common"
cluster_start
again "$QUEUE" limit --stream S --class c -N 5 --lease 3s
workers=
for w in 1 2; do
	work errors -j4 --events events.$w -- sh -c 'sleep 0.1; echo "out $1"' x
	workers="$workers $worker"
done
until_is workers 2
mkfifo lines
"$QUEUE" submit --stream S --class c --batch b --wait -k -q <lines >out 2>err &
submit=$!
exec 3>lines
seq 100 >&3
starts() {
	cat events.? 2>/dev/null | grep -c '"event":"start"' || :
}
until [ "$(starts)" -ge 30 ]; do
	kill -0 $submit || { cat err; exit 1; }
	sleep 0.05
done
member_kill a
member_kill b
# A leader that does not know yet that it is alone may give what it would give again.
seq 101 150 >&3
exec 3>&-
sleep 4
before=$(starts)
sleep 4
echo "$(($(starts) - before)) starts in four seconds without the others"
[ "$(starts)" -lt 150 ]
kill -0 $submit
member a
member b
rc=0
wait $submit || rc=$?
[ $rc = 0 ] || { cat err errors; exit 1; }
seq 150 | sed 's/^/out /' | cmp - out
kill -TERM $workers
wait $workers
peak=$(peak events.1 events.2)
echo "$(starts) runs of 150 jobs, $peak at once"
[ "$peak" -le 5 ]
sort -u errors
