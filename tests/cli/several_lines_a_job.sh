# SPDX-License-Identifier: MIT
set -eu
seq 7 >in
"$BPOOL" -k -n 3 echo {} <in >out
printf '1 2 3\n4 5 6\n7\n' | cmp - out
"$BPOOL" -k -N3 echo <in | cmp - out
"$BPOOL" -k --max-args=3 'echo {1} {2} {3}; :' <in >out
printf '1 2 3\n4 5 6\n7  \n' | cmp - out
"$BPOOL" -k -n 3 'for i in {}; do printf "<%s>" "$i"; done; echo' <in >out
printf '<1><2><3>\n<4><5><6>\n<7>\n' | cmp - out
# Each is a word, whatever is in it.
printf 'a b\n$(x)\n*\n' | "$BPOOL" -n3 'printf "<%s>" {}' >out
printf '<a b><$(x)><*>' | cmp - out
"$BPOOL" -k --dry-run -n2 'echo {}' >out <<'E'
a b
it's
E
printf '%s\n' "echo 'a b' 'it'\\''s'" | cmp - out
# Inside of a word they cannot be; and two values may not become an option and
# its code.
for template in 'echo x{}' 'echo "{}"' '[ {} ]' 'printf {}' 'echo x >{}'; do
	rc=0
	"$BPOOL" -n2 "$template" <in 2>err || rc=$?
	[ $rc = 2 ] || { echo "accepted: $template"; exit 1; }
done
rc=0
"$BPOOL" -n2 echo 'x{}' <in 2>err || rc=$?
[ $rc = 2 ]
rc=0
"$BPOOL" -n2 sh {} <in 2>err || rc=$?
[ $rc = 2 ]
# What was read before an error still runs.
rc=0
printf 'a\nb\nc\nx\0y\n' | "$BPOOL" -k -n2 echo >out 2>err || rc=$?
[ $rc = 1 ]
printf 'a b\nc\n' | cmp - out
grep 'line 4: has a NUL byte' err
# A group that fails is named by its first line.
seq 4 | "$BPOOL" -k -n2 sh -c '[ "$1" != 3 ]' sh {} 2>err || :
grep '^bpool: line 3: exit status 1: ' err
# However many they are, bash has the stack for them.
if command -v bash >bash; then
	seq 5000 >in
	(
		ulimit -s 512
		"$BPOOL" -n 5000 --shell "$(cat bash)" 'printf "%s\n" {}; :' <in
	) >out
	cmp in out
fi
