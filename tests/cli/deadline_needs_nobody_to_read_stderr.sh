# SPDX-License-Identifier: MIT
# Somebody has stderr and reads nothing: the jobs are stopped all the same, and
# the message comes when it can.
set -eu
. "$SRC/tests/process.sh"
mkfifo unread
exec 7<>unread
printf '%s\n' 'head -c 300000 /dev/zero >&2' 'echo $$ >pid; exec sleep 1000' |
	"$BPOOL" -j2 --deadline 10 --kill-after 0.2 2>unread &
bpool=$!
until [ -s pid ]; do sleep 0.01; done
until dead "$(cat pid)"; do sleep 0.01; done
cat <unread >err 7>&- &
exec 7>&-
rc=0
wait $bpool || rc=$?
[ $rc = 124 ]
wait $!
[ "$(grep -ac 'deadline: the time is over: stopping' err)" = 1 ]
