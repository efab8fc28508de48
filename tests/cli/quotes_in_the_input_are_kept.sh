# SPDX-License-Identifier: MIT
# And backslashes, and blanks at both ends, all of which xargs takes for its
# own; wherever the values come from and however many a job gets.
set -eu
cat >in <<'V'
it's
say "hello"
a \ b \n \\
  blanks   at both ends  
	tabs	
'one' "two" `three`
"
'
\
V
n=$(wc -l <in)
[ "$n" = 9 ]
check() {
	"$BPOOL" -k -j2 "$@" >out
	cmp in out
}
check printf '%s\n' <in
check printf '%s\n' {} <in
check 'printf "%s\n" {}' <in
check "printf '%s\n'" <in
check 'printf "%s\n" "{}"' <in
check -n1 printf '%s\n' <in
check -n4 printf '%s\n' <in
check -n4 'printf "%s\n" {}; :' <in
check -m printf '%s\n' <in
check -m 'printf "%s\n" {}; :' <in
check -C : printf '%s\n' {1} <in
check -C : 'printf "%s\n" {1}' <in
check -a in printf '%s\n'
tr '\n' '\0' <in >in0
check -0 printf '%s\n' <in0
tr '\n' '|' <in >inbar
check -d '|' printf '%s\n' <inbar
set --
while IFS= read -r line; do
	set -- "$@" "$line"
done <in
check printf '%s\n' ::: "$@"
check 'printf "%s\n" {}' ::: "$@"
"$BPOOL" -k printf '%s+%s\n' {1} {2} ::: "$@" ::: "it's \"so\"" >out
sed "s/\$/+it's \"so\"/" in | cmp - out
