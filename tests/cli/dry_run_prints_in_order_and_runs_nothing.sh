# SPDX-License-Identifier: MIT
set -eu
printf 'touch a; :\n\n#x\ntouch b\n' | "$BPOOL" --dry-run >out
printf 'touch a; :\ntouch b\n' | cmp - out
seq 3 | "$BPOOL" --dry-run -j3 touch x{} >out
[ "$(wc -l <out)" = 3 ]
grep -n 'touch.*x3' out | grep '^3:'
[ ! -e a ]
[ ! -e b ]
[ ! -e x3 ]
# Several words are shown so that a shell does the same with them.
{
	echo x | "$BPOOL" --dry-run echo {} 'a b'
	echo x | "$BPOOL" --dry-run time {}
	echo x | "$BPOOL" --dry-run a=b {}
} >out
printf '%s\n' "env echo x 'a b'" "env time x" "'a=b' x" | cmp - out
