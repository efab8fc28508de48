# SPDX-License-Identifier: MIT
set -eu
show='grep -E "Sig(Blk|Ign)" /proc/self/status'
sh -c "$show" >want
echo "$show" | "$BPOOL" >out
cmp want out
trap '' USR1 HUP
sh -c "$show" >want
echo "$show" | "$BPOOL" >out
cmp want out
