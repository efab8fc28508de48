# SPDX-License-Identifier: MIT
# For tests of who is left: alive PID, dead PID.  Whoever waits for its parent, or
# for init, to be told of its end is dead; kill -0 does not know.
alive() { grep -qs '^State:.[^ZX]' "/proc/$1/status"; }
dead() { ! alive "$1"; }
