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
# Two that fail, and wait for an hour: the others are done meanwhile.
printf '%s\n' bad1 bad2 | "$QUEUE" submit --stream S --class c --batch bad -q \
	--retries 3 --backoff 1h >name
until_is retrying 2
seq 20 | "$QUEUE" submit --stream S --class c --wait -k -q >out
seq 20 | sed 's/$/ 1/' | cmp - out
! grep '^bad[12] 2$' runs || exit 1
[ "$(status_of retrying)" = 2 ]
# Two that wait for less, while their worker ends: another goes on where they were.
printf '%s\n' bad3 bad4 | "$QUEUE" submit --stream S --class c --batch more -q \
	--retries 3 --backoff 2s >name
until [ "$(grep -c '^bad[34] 1$' runs)" = 2 ]; do
	sleep 0.05
done
until_is in_flight 0
kill -TERM $worker
wait $worker
work errors -j2 -- sh "$PWD/job"
"$QUEUE" results --stream S --batch more --follow -k >out 2>err
printf 'bad3 3\nbad4 3\n' | cmp - out
[ ! -s err ] || { cat err; exit 1; }
[ "$(grep -c '^bad[34]' runs)" = 6 ]
[ "$(grep -c '^bad[12]' runs)" = 2 ]
nothing_wrong errors
[ -z "$("$QUEUE" dlq list --stream S)" ]
kill -TERM $worker
wait $worker
