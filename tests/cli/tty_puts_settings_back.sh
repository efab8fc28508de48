# SPDX-License-Identifier: MIT
# After each job, at the end, and where a signal ends bpool; -u does so at the
# end.
set -eu
. "$SRC/tests/keyboard.sh"
terminal "stty -a >before
	echo 'stty raw -echo; stty -a >in1
stty -a >in2' | $BPOOL --tty; stty -a >after"
cmp before in2
cmp before after
cmp before in1 && exit 1
rm in1
terminal "stty -a >before
	$BPOOL --tty 'stty raw -echo; stty -a >in{}; echo \$PPID >pid; sleep 99' \
		::: 1; echo status \$?; stty -a >after" \
	'until:[ -s pid ]' 'do:kill -TERM $(cat pid)' >out
grep 'status 143' out
cmp before after
cmp before in1 && exit 1
# Through its stdout a job may change them without --tty too.
rm in1
terminal "stty -a >before
	$BPOOL -u 'stty raw -echo <&1; stty -a <&1 >in{}' ::: 1
	stty -a >after"
cmp before after
cmp before in1 && exit 1
rm in1 pid
terminal "stty -a >before
	$BPOOL -u 'stty raw -echo <&1; stty -a <&1 >in{}; echo \$PPID >pid
		sleep 99' ::: 1; stty -a >after" \
	'until:[ -s pid ]' 'do:kill -TERM $(cat pid)'
cmp before after
cmp before in1 && exit 1
exit 0
