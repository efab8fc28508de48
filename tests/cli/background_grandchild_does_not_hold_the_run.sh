# SPDX-License-Identifier: MIT
# It keeps the outputs open, and prints for ever.
set -eu
printf '%s\n' \
	'while sleep 1; do :; done & echo $! >pid; echo done' \
	'yes & echo $! >pid2' | "$BPOOL" -j1 2>err | tail -n 1 >/dev/null
grep . pid pid2
kill "$(cat pid)"
kill "$(cat pid2)" 2>/dev/null || :
# What that lost is told, once a job, unless -q; not where nobody holds it.
[ "$(grep -c 'still has its output open; what that prints now is lost' err)" = 2 ]
[ "$(wc -l <err)" = 2 ]
echo 'sleep 600 & echo $! >pid3' | "$BPOOL" -q 2>err
echo 'sleep 600 >file 2>&1 & echo $! >pid4' | "$BPOOL" 2>>err
[ ! -s err ]
kill "$(cat pid3)" "$(cat pid4)"
