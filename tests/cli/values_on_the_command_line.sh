# SPDX-License-Identifier: MIT
# ::: instead of stdin; several are every combination, :::+ goes along.
set -eu
"$BPOOL" -k echo ::: a 'b  c' >out
printf 'a\nb  c\n' | cmp - out
"$BPOOL" -k 'echo {2}{1}; :' ::: a b ::: 1 2 3 >out
printf '1a\n2a\n3a\n1b\n2b\n3b\n' | cmp - out
"$BPOOL" -k echo ::: a b :::+ 1 2 3 ::: X Y >out
printf 'a 1 X\na 1 Y\nb 2 X\nb 2 Y\n' | cmp - out
"$BPOOL" -k echo {1} ::: a b >out
printf 'a\nb\n' | cmp - out
"$BPOOL" -k -n2 echo {2} {1} ::: a b c d >out
printf 'b a\nd c\n' | cmp - out
"$BPOOL" -k -C , echo {2} ::: a,b c,d >out
printf 'b\nd\n' | cmp - out
"$BPOOL" -k -j2 -m echo ::: a b c >out
printf 'a b\nc\n' | cmp - out
# No command: each is a command line.
"$BPOOL" -k ::: 'echo a | cat' '' '# none' 'exit 3' >out 2>err || [ $? = 123 ]
echo a | cmp - out
echo 'bpool: job 2: exit status 3: exit 3' | cmp - err
# Of nothing there is no job; and stdin is not touched.
"$BPOOL" echo ::: a ::: >out
[ ! -s out ]
{
	"$BPOOL" true ::: a
	cat
} >out <<'E'
left
E
echo left | cmp - out
for wrong in '-a in echo' '-C , echo {} ::: x' '-n2 echo ::: x'; do
	rc=0
	"$BPOOL" $wrong ::: y 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
done
# A number above those that jobs have is no value that is empty.
for wrong in '-n2 echo {3}' '-n2 --tag={3} echo' '--cwd={2} echo' 'grep -E a{2}' \
	'echo {2.}'; do
	rc=0
	"$BPOOL" $wrong ::: y 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
done
grep -qF 'write a\{2} in a shell command' err
rc=0
"$BPOOL" 'echo {3}' ::: a ::: b 2>err || rc=$?
[ $rc = 2 ]
"$BPOOL" 'echo a\{2} {}' ::: b >out
echo 'a{2} b' | cmp - out
"$BPOOL" -C , echo '<{3}>' ::: a,b >out
echo '<>' | cmp - out
"$BPOOL" -k -j2 -m echo {} {2} ::: a b c >out
printf 'a b b\nc \n' | cmp - out
