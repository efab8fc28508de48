# SPDX-License-Identifier: MIT
# Behind -k a job that has ended waits for its turn: after SIGKILL its output
# is nowhere, and so it is not in the log.
set -eu
mkfifo gate
printf '%s\n' 'cat gate' 'echo two; : >two' >in
"$BPOOL" -k -j2 --joblog log --events events <in >out &
pid=$!
until grep -q '"end".*"job":2' events && grep -q '"start".*"job":1,' events; do
	sleep 0.01
done
[ "$(wc -l <log)" = 1 ]
kill -KILL $pid
wait $pid || :
echo one >gate
rm log.running
# Another gate: the job of the killed run may still hold the first one open.
rm gate
mkfifo gate
echo 'one' >gate &
"$BPOOL" -k -j2 --joblog log --resume <in >out
[ "$(cat out)" = "one
two" ]
[ "$(tail -n +2 log | cut -f 1)" = "1
2" ]
