# SPDX-License-Identifier: MIT
set -eu
# The last seven digits are signals 1 to 28; 32 and 33 are libc's own, whose
# handlers a program with threads sets.
show='sed -n "s/Sig\(Blk\|Ign\).*\(.......\)$/\1 \2/p" /proc/self/status'
sh -c "$show" >want
printf '%s\n' "$show" | "$BPOOL" >out
cmp want out
trap '' USR1 HUP
sh -c "$show" >want
printf '%s\n' "$show" | "$BPOOL" >out
cmp want out
