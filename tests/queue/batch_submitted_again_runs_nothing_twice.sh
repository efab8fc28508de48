# SPDX-License-Identifier: MIT
# What is submitted again under its batch's name is refused while it is queued, found
# done afterwards, and what is new in it runs.
. "$SRC/tests/queue/common"
server_start
queue 3
submit() {
	"$QUEUE" submit --stream S --class c --batch b "$@" 2>err
}
seq 20 | submit >name
[ "$(cat name)" = b ]
grep '^bpool-queue: batch b: 20 queued$' err
# One without a line is done.
: | "$QUEUE" submit --stream S --class c --wait >out 2>err
[ ! -s out ]
: | "$QUEUE" submit --stream S --class c --batch none -q >out
"$QUEUE" results --stream S --batch none --follow
seq 20 | submit
grep '^bpool-queue: batch b: 0 queued, 20 queued before, 0 done before$' err
work errors -j4 -- sh -c 'echo run >>"$2"; echo $1' x {} "$PWD/runs"
# Who waits for them and is killed finds them later.
"$QUEUE" results --stream S --batch b --follow -k >none &
kill -KILL $!
wait $! || :
"$QUEUE" results --stream S --batch b --follow -k >out
seq 20 | cmp - out
seq 25 | submit --wait -k >out
grep '^bpool-queue: batch b: 5 queued, 0 queued before, 20 done before$' err
seq 25 | cmp - out
# The same lines as another batch are other jobs.
seq 3 | "$QUEUE" submit --stream S --class c --batch other --wait -q >out
[ "$(wc -l <out)" = 3 ]
[ "$(wc -l <runs)" = 28 ]
kill -TERM $worker
wait $worker
# A batch's lines do not change, whether they are done or queued.
for changed in 7 26; do
	rc=0
	{
		seq 25
		echo new
	} | sed "${changed}s/.*/changed/" | submit >out || rc=$?
	if [ $changed = 26 ]; then
		[ $rc = 0 ]
		rc=0
		{
			seq 25
			echo other
		} | submit >out || rc=$?
	fi
	[ $rc = 1 ]
	grep "^bpool-queue: line $changed: the batch had another there" err
done
[ "$(status_of queued)" = 1 ]
# A server that is away in the middle of it is waited for.
mkfifo lines
submit -q <lines >name &
submit=$!
exec 3>lines
seq 10 >&3
# Once it has read them it is connected.
python3 - <<-'EOF'
	import fcntl, termios, time
	while any(fcntl.ioctl(3, termios.FIONREAD, bytes(4))):
	    time.sleep(0.02)
	EOF
server_stop KILL
seq 11 25 >&3
echo changed >&3
sleep 0.5
kill -0 $submit || { cat err; exit 1; }
server_start 3>&-
exec 3>&-
wait $submit || { cat err; exit 1; }
[ ! -s err ]
[ "$(status_of queued)" = 1 ]
