# SPDX-License-Identifier: MIT
# Signals that stop nothing, at any time: suspended and continued, told to run fewer
# and more, bpool does what it would have done.
. "$SRC/tests/chaos/common.sh"
SIGNALS=150

cat >job <<'E'
echo "$1" >>ran
sleep 0.05
head -c 100000 /dev/zero | tr '\0' x
echo "out $1"
E
: >ran
seq 200 >in
bpool -k -j6 --retries 2 --timeout 100 --joblog log --progress -a in sh job \
	>out 2>/dev/tty &
pid=$!
until [ -s ran ]; do # before, it may not be there to hear them
	sleep 0.01
done
sent=0
while [ $sent -lt $SIGNALS ] && [ "$(wc -l <ran)" -lt 195 ]; do
	pick STOP TSTP CONT USR1 USR2 USR1 USR2 WINCH CHLD URG CONT
	kill -$R $pid
	case $R in
	STOP | TSTP)
		nap 0 20
		kill -CONT $pid
		;;
	esac
	sent=$((sent + 1))
	nap 0 15
done
kill -CONT $pid
rc=0
wait $pid || rc=$?
[ $rc = 0 ] || fail "status $rc"
[ $sent -ge 30 ] || fail "only $sent signals"
[ "$(sort -n ran)" = "$(cat in)" ] || fail 'not each ran once'
sed 's/.*out //' out | cmp in -
[ "$(wc -c <out)" = $((200 * 100004 + $(wc -c <in))) ] || fail "$(wc -c <out) bytes"
[ "$(wc -l <log)" = 201 ] || fail "$(wc -l <log) lines of log"
echo "$sent signals"
