# SPDX-License-Identifier: MIT
# A job that fails is tried again after a while, in which its slot is another's; what
# succeeds in the end is a success, and no attempt is lost with its worker.
. "$SRC/tests/queue/common"
server_start
queue 2
cat >job <<'EOF'
echo $1 $BPOOL_ATTEMPT >>runs
case $1 in
bad*)
	# Its third attempt succeeds.
	[ $BPOOL_ATTEMPT -ge 3 ] || { echo no >&2; exit 7; }
	;;
esac
echo $1 $BPOOL_ATTEMPT
EOF
work errors -j2 -- sh "$PWD/job"
# Two that fail, for as long as the second waits: the others are done meanwhile.
printf '%s\n' bad1 bad2 | "$QUEUE" submit --stream S --class c --batch bad -q \
	--retries 3 --backoff 4s >name
until [ "$(grep -c '^bad. 1$' runs)" = 2 ]; do
	sleep 0.05
done
seq 20 | "$QUEUE" submit --stream S --class c --wait -k -q >out
seq 20 | sed 's/$/ 1/' | cmp - out
! grep '^bad. 2$' runs || exit 1
until_is in_flight 0
# The worker ends, and another goes on where they were.
kill -TERM $worker
wait $worker
work errors -j2 -- sh "$PWD/job"
"$QUEUE" results --stream S --batch bad --follow -k >out 2>err
printf 'bad1 3\nbad2 3\n' | cmp - out
[ ! -s err ] || { cat err; exit 1; }
[ "$(grep -c '^bad' runs)" = 6 ]
[ ! -s errors ] || { cat errors; exit 1; }
[ -z "$("$QUEUE" dlq list --stream S)" ]
kill -TERM $worker
wait $worker
