# SPDX-License-Identifier: MIT
# For the scenarios.  What is left to chance comes from SEED and the scenario's name,
# so that one of them alone does what it did among all.
set -eu
ulimit -c 0
state=$(($(echo "$SEED $(basename "$0")" | cksum | cut -d ' ' -f 1) % 2147483646 + 1))

# rand LOW HIGH: $R is one of these.
rand() {
	state=$((state * 16807 % 2147483647))
	R=$(($1 + state / 16 % ($2 - $1 + 1)))
}

# pick WORD...: $R is one of them.
pick() {
	rand 1 $#
	shift $((R - 1))
	R=$1
}

# nap LOW HIGH: so many milliseconds.
nap() {
	rand "$1" "$2"
	sleep "$(printf '%d.%03d' $((R / 1000)) $((R % 1000)))"
}

fail() {
	echo "$*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# In the background dash has INT and QUIT ignored.  It is no function, for what is
# on stderr there has the shell's -x among it.
alias bpool='env --default-signal=HUP,INT,QUIT,TERM,PIPE "$BPOOL"'

uptime_ms() { # 10 ms at best
	sed 's/ .*//; s/\.\(..\).*/\10/; s/^0*//' /proc/uptime
}
