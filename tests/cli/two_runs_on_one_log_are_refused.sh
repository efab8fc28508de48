# SPDX-License-Identifier: MIT
# The second says so and does nothing; the first goes on.
set -eu
mkfifo gate
printf '%s\n' 'cat gate' | "$BPOOL" --joblog log &
exec 3>gate
for option in '' --resume --resume-failed; do
	rc=0
	echo 'touch ran' | "$BPOOL" --joblog log $option 2>err || rc=$?
	[ $rc = 1 ]
	[ "$(cat err)" = 'bpool: log: another run writes this log' ]
done
exec 3>&-
wait $!
[ ! -e ran ]
[ "$(wc -l <log)" = 2 ]
