# SPDX-License-Identifier: MIT
# By whatever name: it is refused, and the log is left as it was.
set -eu
"$BPOOL" --joblog log true ::: a b c
cp log before
ln -s log link
ln log other
for events in log ./log link other fd:3; do
	for resume in '' --resume; do
		rc=0
		"$BPOOL" --joblog log $resume --events $events touch ::: ran \
			3>>log 2>err || rc=$?
		[ $rc = 1 ]
		grep "^bpool: --events $events: this is the job log" err
		cmp log before
	done
done
rc=0
"$BPOOL" --joblog new --events new touch ::: ran 2>err || rc=$?
[ $rc = 1 ]
[ ! -e ran ]
"$BPOOL" --joblog log --events apart true ::: a
[ "$(wc -l <log)" = 2 ]
grep '"event":"summary"' apart
