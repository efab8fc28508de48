# SPDX-License-Identifier: MIT
# Who opens it fails at once, also where bpool has one, and cannot change it.
set -eu
. "$SRC/tests/keyboard.sh"
terminal "stty -a >before
	$BPOOL 'cat </dev/tty' ::: 1; echo status \$?
	$BPOOL -u 'stty raw </dev/tty' ::: 1; echo status \$?
	stty -a >after" >out
[ "$(grep -c 'status 123' out)" = 2 ]
[ "$(grep -ci 'no such device' out)" -ge 2 ] || {
	cat out
	exit 1
}
cmp before after
