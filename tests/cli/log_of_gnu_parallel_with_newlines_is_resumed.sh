# SPDX-License-Identifier: MIT
# parallel writes a command's newlines as NUL.  Such a record is none that is
# damaged: what it says is done is, and what failed is run as it was.
set -eu
"$BPOOL" --joblog log ::: true
printf '2\t:\t1.0\t1.0\t0\t0\t0\t0\techo a\0echo b\n' >>log
printf '3\t:\t1.0\t1.0\t0\t0\t1\t0\tx=c\0echo $x\n' >>log
cp log before
printf '%s\0' true 'echo a
echo b' 'x=c
echo $x' 'echo d' >in
"$BPOOL" -k -0 --joblog log --resume -a in >out 2>err
[ "$(cat out)" = d ]
[ ! -s err ]
head -n 4 log | cmp - before
cp before log
"$BPOOL" --joblog log --retry-failed >out 2>err
[ "$(cat out)" = c ]
[ ! -s err ]
# That is about the same job.
"$BPOOL" --joblog log --retry-failed >out
[ ! -s out ]
"$BPOOL" -k -0 --joblog log --resume-failed -a in >out
[ "$(cat out)" = d ]
