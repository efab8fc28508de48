# SPDX-License-Identifier: MIT
# Many jobs at once, outputs that wait: each sees what the caller passed.
set -eu
echo passed >file
exec 7<file
# The shell's own list, plus nothing (ls has one for the directory).
sh -c 'echo $(ls /proc/self/fd)' </dev/null >want
yes 'echo $(ls /proc/self/fd)' | head -n 40 |
	"$BPOOL" -k -j8 -a - >out
[ "$(sort -u out)" = "$(cat want)" ] || { cat want; sort -u out; exit 1; }
yes 'echo $(ls /proc/self/fd)' | head -n 40 |
	"$BPOOL" -u -j8 >out
[ "$(sort -u out)" = "$(cat want)" ]
[ "$(echo 'cat <&7' | "$BPOOL")" = passed ]
