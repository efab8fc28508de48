# SPDX-License-Identifier: MIT
# Who opens it fails at once, also where bpool has one, and cannot change it.
set -eu
python3 -c 'import pty' 2>/dev/null || {
	echo 'no python3'
	exit 77
}
terminal() { python3 "$(dirname "$0")/../keyboard.py" "$@"; }
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
