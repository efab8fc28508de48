# SPDX-License-Identifier: MIT
# As any job of a shell that wants the terminal: stopped until fg.
set -eu
. "$SRC/tests/keyboard.sh"
terminal "set -m
	$BPOOL --tty ': >ran; read -r x; echo got \$x' ::: 1 &
	until jobs >jobs; grep -i stopped jobs; do sleep 0.01; done
	[ ! -e ran ] && read -r x && echo shell \$x
	fg; echo status \$?" \
	'type:a\n' 'see:shell a' 'type:b\n' 'see:got b' >out
grep 'status 0' out
