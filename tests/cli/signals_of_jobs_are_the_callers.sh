# SPDX-License-Identifier: MIT
# What is blocked and what is ignored.  The jobs are executed directly: some
# shells clear what they were given.
set -eu
# The last seven digits are signals 1 to 28; 32 and 33 are libc's own.
show() {
	sed -n 's/^\(Sig[BI][lg][kn]\).*\(.......\)$/\1 \2/p'
}
same() {
	"$@" cat /proc/self/status | show >want
	[ "$(wc -l <want)" = 2 ]
	echo 'cat /proc/self/status' | "$@" "$BPOOL" | show >out
	cmp want out || { cat want out; exit 1; }
}
same env
if env --block-signal=USR2 true 2>/dev/null; then
	same env --block-signal=USR2 --ignore-signal=QUIT
	grep -v 'SigBlk 0000000' want | grep SigBlk
fi
trap '' USR1 HUP
same env
