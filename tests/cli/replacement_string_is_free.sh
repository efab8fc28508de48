# SPDX-License-Identifier: MIT
set -eu
echo v | "$BPOOL" -I% echo a%b '{}' >out
echo 'avb {}' | cmp - out
echo 'a  b' | "$BPOOL" -I ARG 'echo "ARG" ARG {}; :' >out
echo 'a  b a  b {}' | cmp - out
echo v | "$BPOOL" -I% echo x >out
echo 'x v' | cmp - out
for letter in a Z 0 _ @ % + : , . / - '{' '}' ^; do
	echo v | "$BPOOL" -I "x$letter" echo "x$letter" | grep -x v
done
for wrong in '' '$x' 'a b' "'" '`' '*' '#'; do
	rc=0
	"$BPOOL" -I "$wrong" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "-I $wrong: $rc"; exit 1; }
done
# It is seen wherever {} would be.
for place in 'echo `basename ARG`' 'echo ${ARG}' 'echo ${ARGx}' 'echo $ARG' \
	'echo "$xARG"' 'echo "${x:-ARG}"' 'echo $((ARG))'; do
	rc=0
	echo v | "$BPOOL" -I ARG "$place" >out 2>err || rc=$?
	[ $rc = 2 ] || { echo "$place: $rc"; exit 1; }
done
rc=0
echo v | "$BPOOL" -I @ 'set -- x; echo "$@"' 2>err || rc=$?
[ $rc = 2 ]
echo v | "$BPOOL" -I ARG 'AR=x; echo "$AR" ARG' >out
echo 'x v' | cmp - out
