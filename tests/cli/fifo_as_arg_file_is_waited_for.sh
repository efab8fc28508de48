# SPDX-License-Identifier: MIT
# One that nobody writes to yet: then its lines run; and a signal ends it.
set -eu
mkfifo fifo
"$BPOOL" -j1 -a fifo >out &
pid=$!
sleep 0.1
{
	echo echo one
	sleep 0.1
	echo echo two
} >fifo
wait $pid
printf 'one\ntwo\n' | cmp - out
rc=0
timeout 0.2 "$BPOOL" -a fifo || rc=$?
[ $rc = 124 ]
