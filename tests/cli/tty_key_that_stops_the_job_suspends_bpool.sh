# SPDX-License-Identifier: MIT
# ^Z stops the job; bpool stops with its whole group, and both go on with fg.
# (What is to be stopped forks nothing: a child that is stopped between vfork
# and exec keeps its parent from being stopped.)
set -eu
. "$SRC/tests/keyboard.sh"
cat >job <<'J'
stty -echo
: >"ready$1"
read -r x
stty -a | grep -e ' -echo ' && echo "got $x"
J
terminal "set -m; stty -a >before
	{ echo 1; echo 2; until [ -e end ]; do :; done; } |
		$BPOOL --tty sh job | sh -c ': >last; exec cat'
	echo stopped \$?; stty -a >after
	: >end
	fg; echo status \$?" \
	file:ready1 file:last 'type:\x1a' 'see:stopped' 'type:a\n' 'see:got a' \
	file:ready2 'type:b\n' 'see:got b' >out
grep 'status 0' out
cmp before after
# A shell may give the terminal to the pipe again when the job has it already.
rm ready*
cat >late.py <<'P'
import os, signal, sys, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
while not os.path.exists("ready1"):
    time.sleep(0.01)
os.tcsetpgrp(os.open("/dev/tty", os.O_RDWR), os.getpgrp())
open("late", "w").close()
sys.stdout.write(sys.stdin.read())
P
terminal "set -m
	$BPOOL --tty sh job ::: 1 | python3 late.py
	echo stopped; fg; echo status \$?" \
	file:late 'type:\x1a' see:stopped 'type:l\n' 'see:got l' >out
grep 'status 0' out
# In the background it stays stopped, and leaves the terminal alone.
rm ready*
terminal "set -m
	$BPOOL --tty sh job ::: 1; echo stopped
	bg; until jobs >jobs; grep -i 'stopped.*tty' jobs; do sleep 0.01; done
	read -r x; echo shell \$x
	fg; echo status \$?" \
	file:ready1 'type:\x1a' see:stopped 'type:x\n' 'see:shell x' \
	'type:c\n' 'see:got c' >out
grep 'status 0' out
# So does TSTP that is sent to bpool itself.
rm ready*
terminal "set -m
	$BPOOL --tty 'echo \$PPID >pid; exec sh job {}' ::: 1; echo stopped
	fg; echo status \$?" \
	file:ready1 'do:kill -TSTP $(cat pid)' see:stopped 'see:pid' \
	'type:d\n' 'see:got d' >out
grep 'status 0' out
# Stopped, it can be ended.
rm ready*
terminal "set -m
	$BPOOL --tty sh job ::: 1; echo stopped
	kill %1; wait; echo over" file:ready1 'type:\x1a' see:stopped see:over
# Where nobody could bring it back, the key does nothing.
rm ready*
terminal "exec $BPOOL --tty 'trap \"echo on\" CONT; : >ready{}
	while [ ! -e on ]; do :; done' ::: 1" \
	file:ready1 'type:\x1a' 'see:on' 'do:: >on'
