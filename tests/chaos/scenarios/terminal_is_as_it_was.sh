# SPDX-License-Identifier: MIT
# Jobs that open /dev/tty and run stty, with and without a terminal, to the end and
# killed: it has its settings afterwards.
. "$SRC/tests/chaos/common.sh"
ROUNDS=8

settings() { stty -g </dev/tty; }
want=$(settings)
printed=$(tty </dev/tty)

# Without --tty there is none to be had.
cat >open <<'E'
exec 2>/dev/null
(: </dev/tty) && echo opened
(: >/dev/tty) && echo opened
stty raw -echo </dev/tty && echo set
stty raw -echo && echo set
echo "none $1"
E
for way in '' -k -u --line-buffer; do
	# shellcheck disable=SC2086
	seq 20 | bpool -j8 $way sh open >out 2>&1
	sort -n -k 2 out >sorted
	seq 20 | sed 's/^/none /' | cmp - sorted
	[ "$(settings)" = "$want" ] || fail "settings after \"$way\""
done

# What has the terminal changes it, as is seen, and is stopped anywhere.
cat >change <<'E'
stty raw -echo -isig intr ^G cols 40 <&1
stty -g <&1 >changed
[ "$BPOOL_SEQ" != 2 ] || : >ready
[ "$BPOOL_SEQ" = 1 ] || exec sleep 1000
E
round=0
while [ $round -lt $ROUNDS ]; do
	round=$((round + 1))
	rm -f changed ready
	pick -u --tty
	way=$R
	pick HUP INT QUIT TERM
	signal=$R
	bpool -j1 $way --kill-after 0.3 sh change ::: 1 2 3 >/dev/tty 2>/dev/tty &
	pid=$!
	until [ -e ready ]; do sleep 0.01; done
	nap 0 30
	kill -$signal $pid
	rc=0
	wait $pid || rc=$?
	[ "$(kill -l $rc)" = $signal ] || fail "$way, $signal: status $rc"
	[ "$(cat changed)" != "$want" ] || fail 'the job has changed nothing'
	[ "$(settings)" = "$want" ] || fail "settings after $way and $signal"
done
bpool -j1 -u 'stty -echo <&1; : {}' ::: 1 2 3 >/dev/tty || fail "stty: $?"
bpool --tty 'stty -echo </dev/tty; : {}' ::: 1 2 3 || fail "stty: $?"
[ "$(settings)" = "$want" ] || fail 'settings after stty'
echo "$ROUNDS stops at $printed"
