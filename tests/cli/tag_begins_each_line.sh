# SPDX-License-Identifier: MIT
set -eu
tab=$(printf '\t')
"$BPOOL" -k --tag 'echo 1; echo 2 >&2; printf 3; [ {} = a ]' ::: a 'b c' \
	>out 2>err || [ $? = 123 ]
printf 'a\t1\na\t3\nb c\t1\nb c\t3\n' | cmp - out
printf 'a\t2\nb c\t2\n' >expected
grep -v '^bpool: ' err | cmp - expected
grep "^bpool: job 2: exit status 1: " err
"$BPOOL" -k --tag='{#}:{/.}' 'yes | head -n 3; : {}' ::: d/x.c | uniq -c >out
grep -x " *3 1:x${tab}y" out
# In pieces larger than a read, and through the spool.
"$BPOOL" --tag 'yes 0123456789abcde | head -n 200000; : {}' ::: t >out
[ "$(uniq out)" = "t${tab}0123456789abcde" ]
[ "$(wc -l <out)" = 200000 ]
# A tag is one line, whatever is in the value; and no output is no line.
printf 'x\ny\033\0' | "$BPOOL" -0 --tag 'echo 1; :' >out
[ "$(wc -l <out)" = 1 ]
! grep "$(printf '\033')" out || exit 1
[ -z "$(echo x | "$BPOOL" --tag true)" ]
# Also where it goes to a file.
printf 'x\n' | "$BPOOL" --tag="$(printf 'a\t\033\377b')" echo >out
printf 'a\\t\\x1b\\xffb\tx\n' | cmp - out
