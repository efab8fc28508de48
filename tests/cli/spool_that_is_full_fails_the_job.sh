# SPDX-License-Identifier: MIT
# Files no larger than 2 MB (of 512 byte blocks): the large output does not
# fit, is told, and the others are whole.
set -eu
printf 'echo one\nhead -c 9000000 /dev/zero; :\necho three\n' >in
rc=0
(
	ulimit -f 4096
	"$BPOOL" -j1 <in 2>err
) | wc -c >size || :
(
	ulimit -f 4096
	"$BPOOL" -j1 <in 2>err | cat >/dev/null
	exit 0
)
grep '^bpool: line 2: output lost: ' err
(
	ulimit -f 4096
	rc=0
	"$BPOOL" -j1 <in 2>err >/dev/null || rc=$?
	[ $rc = 1 ]
)
