# SPDX-License-Identifier: MIT
# Any status, or a signal; the others still run.
set -eu
for bad in false 'exit 1' 'exit 255' 'kill -TERM $$' 'kill -KILL $$'; do
	rc=0
	printf '%s\necho after\n' "$bad" | "$BPOOL" -j1 >out 2>err || rc=$?
	[ $rc = 123 ]
	echo after | cmp - out
	grep '^bpool: line 1: ' err
	[ "$(wc -l <err)" = 1 ]
done
