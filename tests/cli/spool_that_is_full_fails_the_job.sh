# SPDX-License-Identifier: MIT
# Files no larger than 2 MB (of 512 byte blocks): the large output does not
# fit, is told, its job runs on, and the others are whole.
set -eu
printf 'echo one\nhead -c 9000000 /dev/zero && echo ran on >end\necho three\n' >in
{
	rc=0
	(
		ulimit -f 4096
		exec "$BPOOL" -j1 <in 2>err
	) || rc=$?
	echo $rc >status
} | cat >out
grep -x 1 status
grep "^bpool: line 2: output lost: $TMPDIR: File too large: " err
grep 'ran on' end
head -c 4 out | grep -x one
tail -c 6 out | grep -x three
