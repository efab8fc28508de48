# SPDX-License-Identifier: MIT
# Until three jobs have succeeded there is none; then a job that hangs is
# stopped, also one that began before.
set -eu
rc=0
{
	echo 'sleep 1000'
	yes 'sleep 0.05' | head -n 10
	echo 'sleep 2000'
} | "$BPOOL" -j3 --timeout 20000% 2>err || rc=$?
[ $rc = 123 ]
grep 'line 1: timed out: killed by signal 15 .*: sleep 1000' err
grep 'line 12: timed out: killed by signal 15 .*: sleep 2000' err
[ "$(grep -c . err)" = 2 ]
