# SPDX-License-Identifier: MIT
set -eu
printf 'touch a; :\n\n#x\ntouch b\n' | "$BPOOL" --dry-run >out
printf 'touch a; :\ntouch b\n' | cmp - out
seq 3 | "$BPOOL" --dry-run -j3 touch x{} >out
[ "$(wc -l <out)" = 3 ]
grep -n 'touch.*x3' out | grep '^3:'
[ ! -e a ] && [ ! -e b ] && [ ! -e x3 ]
