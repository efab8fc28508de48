# SPDX-License-Identifier: MIT
# BPOOL_SEQ and {#} count from 1; no two jobs that run share a slot.
set -eu
seq 5 | "$BPOOL" -k -j1 'echo $BPOOL_SEQ {#} $BPOOL_SLOT {%}' >out
printf '%s\n' '1 1 1 1' '2 2 1 1' '3 3 1 1' '4 4 1 1' '5 5 1 1' | cmp - out
seq 200 | "$BPOOL" -j7 'mkdir slot{%} && [ $BPOOL_SLOT = {%} ] &&
	[ {%} -ge 1 ] && [ {%} -le 7 ] && [ $BPOOL_SEQ = {} ] && rmdir slot{%}'
# Of a bpool that is a job itself they are its own.
echo 'echo $BPOOL_SEQ | cat' >inner
BPOOL_SEQ=7 "$BPOOL" "$BPOOL" -a ::: inner | grep -x 1
