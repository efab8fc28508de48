# SPDX-License-Identifier: MIT
set -eu
printf 'cat; readlink /proc/self/fd/0\nreadlink /proc/self/fd/0\n' |
	"$BPOOL" -j1 >out
printf '/dev/null\n/dev/null\n' | cmp - out
printf 'cat\n' | "$BPOOL" -u </dev/null
