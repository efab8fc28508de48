# SPDX-License-Identifier: MIT
set -eu
printf 'a,b,c\nd\n,\n' >in
"$BPOOL" -k -C , 'echo "<{1}><{2}><{3}><{}>"' <in >out
printf '<a><b><c><a,b,c>\n<d><><><d>\n<><><><,>\n' | cmp - out
printf 'x.c \t  y.c\n' | "$BPOOL" --colsep '[ \t]+' echo {2.} {1} >out
echo 'y x.c' | cmp - out
# Without columns {1} is three characters.
[ "$(echo x | "$BPOOL" echo {1} {})" = '{1} x' ]
# Columns are data.
printf '%s\n' '$(touch canary)|`touch canary`' |
	"$BPOOL" -C '\|' 'echo {2} "{1}"' >out
printf '%s\n' '`touch canary` $(touch canary)' | cmp - out
[ ! -e canary ]
rc=0
echo x | "$BPOOL" -C '(' echo 2>err || rc=$?
[ $rc = 1 ] || [ $rc = 2 ]
grep '^bpool: -C (: ' err
# What matches nothing parts nothing, and what is behind it is looked at.
printf 'a b\nab  c \n,\n' | "$BPOOL" -k -C ' *' 'echo "<{1}><{2}><{3}>"' >out
printf '<a><b><>\n<ab><c><>\n<,><><>\n' | cmp - out
printf 'aab\n' | "$BPOOL" -C '^a' 'echo "<{1}><{2}>"' >out
echo '<><ab>' | cmp - out
