# SPDX-License-Identifier: MIT
# ^C and ^\ meet the job alone; bpool then does what it does when they meet it.
set -eu
. "$SRC/tests/keyboard.sh"
for key in '\x03 130' '\x1c 131'; do
	terminal "ulimit -c 0; $BPOOL --tty 'cat; : >on{}' ::: 1 2
		echo status \$?" \
		'type:go\n' see:go see:go "type:${key% *}" >out
	grep "status ${key#* }" out
	grep 'bpool:' out && exit 1
	[ ! -e on1 ]
	[ ! -e on2 ]
done
# What else the job started, and will not go, is killed.
# (What it has read says that it has the terminal.)
cat >job <<'J'
read -r x
sh -c 'trap "" INT; echo $$ >pid; exec sleep 99' &
until [ -s pid ]; do sleep 0.01; done
: >started
wait
J
terminal "$BPOOL --tty --kill-after 100ms sh job ::: 1 2; echo status \$?
	. $SRC/tests/process.sh; alive \$(cat pid) || echo gone" \
	'type:\n' file:started 'type:\x03' >out
grep 'status 130' out
grep '^gone' out
# One that makes something of the key goes on, and so does the run.
terminal "$BPOOL --tty 'trap \"echo key; exit 0\" INT; read -r x; : >ready{}
	while :; do sleep 0.01; done' ::: 1 2; echo status \$?" \
	'type:\n' file:ready1 'type:\x03\n' file:ready2 'type:\x03' >out
grep 'status 0' out
# A failure like others is one.
terminal "$BPOOL --tty 'exit {}' ::: 130 0; echo status \$?" >out
grep 'status 123' out
