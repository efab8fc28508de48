# SPDX-License-Identifier: MIT
# For tests of who is left: alive PID, dead PID.  Whoever waits for its parent, or
# for init, to be told of its end is dead; kill -0 does not know.  So is who was killed
# and, on a slow machine, has not had its turn to end: KILL (bit 0x100) is pending.
alive() {
	awk '/^State:/ && $2 ~ /[ZX]/ { dead = 1 }
		/^S[ih][gd]Pnd:/ && $2 ~ /[13579bdf]..$/ { dead = 1 }
		END { exit dead || NR == 0 }' "/proc/$1/status" 2>/dev/null
}
dead() { ! alive "$1"; }

# signal_read PID BIT: until it has taken the signal, which it has blocked and reads:
# 0x4000 is TERM.  Another that comes before is one with it.
signal_read() {
	while alive "$1" && pending=$(sed -n 's/^ShdPnd:.//p' "/proc/$1/status") &&
		[ $((0x${pending:-0} & $2)) != 0 ]; do
		sleep 0.01
	done
}
