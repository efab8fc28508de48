# SPDX-License-Identifier: MIT
# One that nobody writes to yet: then its lines run, a signal ends it, and
# meanwhile jobs start, also where each start takes the limit on descriptors
# down for a moment.
set -eu
mkfifo fifo
seq 60 | sed 's/.*/mkdir &; :/' >before
ulimit -S -n 64
"$BPOOL" -j30 -a before -a fifo >out &
pid=$!
for i in $(seq 60); do
	until [ -e $i ]; do sleep 0.01; done
done
{
	echo echo one
	sleep 0.1
	echo echo two
} >fifo
wait $pid
sort out >sorted
printf 'one\ntwo\n' | cmp - sorted
rc=0
timeout 0.2 "$BPOOL" -a fifo || rc=$?
[ $rc = 124 ]
