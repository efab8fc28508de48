# SPDX-License-Identifier: MIT
# The token that make gave bpool itself needs no byte: where the pipe stays
# empty jobs run one after the other, and bpool can be stopped while some wait.
# When one of two ends, the byte goes back at once, and the other has that.
set -eu
mkfifo tokens
exec 3<>tokens
MAKEFLAGS=' -j4 --jobserver-auth=3,3'
export MAKEFLAGS
seq 20 | timeout 60 "$BPOOL" -j8 'mkdir one; rmdir one; echo {}' >out 2>err
[ ! -s err ]
[ "$(sort -n out)" = "$(seq 20)" ]

rc=0
seq 9 | timeout 60 "$BPOOL" -j8 'kill -TERM $PPID; sleep 100' >out 2>err ||
	rc=$?
[ $rc = 143 ]

printf a >&3
timeout 60 "$BPOOL" -j8 '
	: >here.{}
	until [ -e go ]; do sleep 0.01; done
	[ {} = 1 ] || until [ -e over ]; do sleep 0.01; done' ::: 1 2 &
pid=$!
until [ -e here.1 ] && [ -e here.2 ]; do sleep 0.01; done
[ -z "$(dd if=tokens iflag=nonblock bs=9 2>/dev/null)" ]
: >go
until [ "$(dd if=tokens iflag=nonblock bs=9 2>/dev/null)" = a ]; do
	sleep 0.01
done
: >over
wait $pid
