# SPDX-License-Identifier: MIT
# Seq, Host, Starttime, JobRuntime, Send, Receive, Exitval, Signal, Command:
# one line a job, whatever is in it; the log of an earlier run makes place.
set -eu
printf 'an older log\n' >other
! echo true | "$BPOOL" --joblog other 2>err || exit 1
grep '^bpool: other: this is no job log: it is left as it is$' err
[ "$(cat other)" = 'an older log' ]
printf '%s\n' 'echo four' 'exit 3' 'kill -KILL $$' >in
rc=0
before=$(date +%s)
"$BPOOL" -j1 --joblog log <in >out 2>err || rc=$?
[ $rc = 123 ]
[ "$(head -n 1 log)" = "$(printf 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand')" ]
[ "$(cut -f 1,2,5-9 log | tail -n +2)" = "$(printf '%s\t:\t0\t%s\t%s\t%s\t%s\n' \
	1 5 0 0 'echo four' 2 0 3 0 'exit 3' 3 0 0 9 'kill -KILL $$')" ]
tail -n +2 log | cut -f 3 | while IFS=. read -r s ms; do
	[ "$s" -ge "$before" ]
	[ "$s" -le "$(date +%s)" ]
	[ ${#ms} = 3 ]
done
! tail -n +2 log | cut -f 4 | grep -vE '^ *[0-9]+\.[0-9]{3}$' || exit 1
# A command of several lines is one line, that does the same.
printf 'echo "a\\b"\necho '"'it  is'"'; echo \\\\' >lines
"$BPOOL" -0 --joblog log <lines >out
[ "$(wc -l <log)" = 2 ]
tail -n 1 log | cut -f 9- >command
sh ./command | cmp - out
# One that was not there counts as a shell says, one out of time as -1.
rc=0
printf '%s\n' /nowhere/x | "$BPOOL" --joblog log 2>err || rc=$?
[ $rc = 127 ]
[ "$(tail -n 1 log | cut -f 7,8)" = "$(printf '127\t0')" ]
echo 'sleep 100' | "$BPOOL" -q --timeout 0.1 --joblog log || :
[ "$(tail -n 1 log | cut -f 7,8)" = "$(printf '%s\t15' -1)" ]
[ ! -e log.running ]
