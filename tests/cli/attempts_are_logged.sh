# SPDX-License-Identifier: MIT
# The job log and the events have each attempt; --resume goes by the last, and
# runs again what was stopped before it came to that.
set -eu
seq 2 | "$BPOOL" -j1 --retries 3 --backoff 1ms --joblog log --events events \
	'[ {} -le $BPOOL_ATTEMPT ]'
[ "$(cut -f1,7 log | tail -n +2)" = "$(printf '1\t0\n2\t1\n2\t0')" ]
[ "$(grep -c '"event":"start"' events)" = 3 ]
[ "$(grep -c '"event":"end"' events)" = 2 ]
grep '"event":"retry".*"job":2,.*"attempt":1,"overloaded":false,.*"status":1,' \
	events
grep '"event":"summary".*"retried":1,"overloaded":0,' events
seq 3 | "$BPOOL" -j1 --joblog log --resume '[ {} -le $BPOOL_ATTEMPT ]' \
	2>err && exit 1
[ "$(cut -f1,7 log | tail -n 1)" = "$(printf '3\t1')" ]
[ "$(wc -l <log)" = 5 ]
# Stopped while it waits to be tried again: as if it had never run.
rm log
seq 9 >in
"$BPOOL" -j2 --retries 3 --backoff 1h --joblog log -a in \
	'echo >>tried; false' 2>err &
pid=$!
until [ -e tried ] && [ "$(wc -l <tried)" -ge 9 ]; do sleep 0.01; done
sleep 0.1
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
[ "$(wc -l <log)" = 1 ]
