# SPDX-License-Identifier: MIT
# No line comes and no job runs: it dies at once of what it was sent.
set -eu
mkfifo in
"$BPOOL" -a in >out &
pid=$!
exec 3>in
echo 'echo $PPID' >&3
while [ ! -s out ]; do sleep 0.01; done
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
