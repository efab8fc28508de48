# SPDX-License-Identifier: MIT
# The boundary triple of what the kernel takes as one argument, and beyond.
set -eu
for n in 131071 131072 131073 1000000; do
	tail='; echo ${#x}; echo last'
	pad=$((n - 2 - ${#tail}))
	printf "x=%0${pad}d%s\n" 0 "$tail" >in
	[ "$(wc -c <in)" = $((n + 1)) ]
	"$BPOOL" <in >out
	printf '%d\nlast\n' "$pad" | cmp - out
done
[ -z "$(ls -A "$TMPDIR")" ]
