# SPDX-License-Identifier: MIT
# A line comes while its job still runs; a half one waits for its rest, and
# another job's lines do not come between.
set -eu
mkfifo go out
cat >job <<'E'
echo first; printf half; cat go >/dev/null; echo ' whole'; printf 'no end'
E
"$BPOOL" -j2 --line-buffer sh ::: job >out 2>err &
pid=$!
exec 3<out
read -r line <&3
[ "$line" = first ]
: >go
read -r line <&3
[ "$line" = 'half whole' ]
read -r line <&3
[ "$line" = 'no end' ]
wait $pid
# Many at once, in pieces: no line is torn.
seq 20 | "$BPOOL" -j10 --line-buffer 'for i in 1 2 3 4 5 6 7 8 9; do
	printf "%s-" {}; printf "%s-" {}; printf "%s\n" {}; done' >lines
[ "$(wc -l <lines)" = 180 ]
awk -F- 'NF != 3 || $1 != $2 || $2 != $3 { exit 1 }' lines
# With -k those whose turn it is come; all is in order.
seq 20 | "$BPOOL" -k -j10 --line-buffer 'echo {}; echo {}; printf %s {}' >lines
seq 20 | sed 'p;p' | cmp - lines
