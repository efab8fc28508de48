# SPDX-License-Identifier: MIT
# Its name was mistyped: nothing is made.  What runs all there is needs none.
set -eu
for dry in '' --dry-run; do
	rc=0
	"$BPOOL" $dry --joblog typo --retry-failed 2>err || rc=$?
	[ $rc = 1 ]
	[ "$(cat err)" = 'bpool: typo: No such file or directory' ]
	[ "$(ls)" = err ]
done
"$BPOOL" --joblog log --resume-failed ::: true
[ "$(wc -l <log)" = 2 ]
