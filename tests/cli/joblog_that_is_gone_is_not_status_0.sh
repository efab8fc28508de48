# SPDX-License-Identifier: MIT
# Removed, or another in its place: what is written would be nowhere.  That is
# told once, and nothing more starts.
set -eu
for gone in 'rm log' 'cp log log.new; mv log.new log'; do
	rm -f ran
	rc=0
	"$BPOOL" -j1 --joblog log ::: true "$gone" ': >ran' 'exit 3' 2>err ||
		rc=$?
	[ $rc = 1 ]
	[ "$(cat err)" = \
		'bpool: log: it was removed or replaced: no more jobs start' ]
	[ ! -e ran ]
done
[ "$(wc -l <log)" = 2 ]
[ ! -e log.running ]
