# SPDX-License-Identifier: MIT
# now stops what runs, soon lets it end; the status is the job's own for
# fail=1, how many failed for more, 0 for success, and of a hundred for
# percentages.
set -eu
run() { # STATUS HALT COMMAND..., of lines 1 to 9
	want=$1 halt=$2
	shift 2
	rc=0
	seq 9 | "$BPOOL" -j1 -k --halt "$halt" "$@" >out 2>err || rc=$?
	[ $rc = "$want" ] || { echo "$halt: status $rc"; cat err; exit 1; }
}
run 43 now,fail=1 'echo {}; [ {} -lt 3 ] || exit 4{}'
[ "$(cat out)" = "1
2
3" ]
grep '^bpool: line 3: exit status 43' err
run 2 soon,fail=2 'echo {}; [ {} -gt 4 ]'
[ "$(cat out)" = "1
2" ]
run 0 now,success=2 'echo {}; [ {} -gt 2 ]'
[ "$(tail -n 1 out)" = 4 ]
run 1 soon,done=3 'echo {}; [ {} -gt 1 ]'
[ "$(tail -n 1 out)" = 3 ]
run 78 now,fail=20% 'echo {}; [ {} -gt 7 ]'
run 137 now,fail=1 'kill -KILL $$'
run 0 never true
# The total is not known, and the share is told all the same.
rc=0
yes false | "$BPOOL" -q -j1 --halt soon,fail=50% 2>err || rc=$?
[ $rc = 100 ]
# What runs: soon waits for it, now does not.
printf '%s\n' ': >waits; until [ -e failed ]; do sleep 0.01; done; sleep 0.2
	echo end' | tr '\n' ';' >in
echo >>in
echo 'until [ -e waits ]; do sleep 0.01; done; : >failed; exit 7' >>in
rc=0
"$BPOOL" -j2 --halt soon,fail=1 <in >out 2>err || rc=$?
[ $rc = 7 ]
[ "$(cat out)" = end ]
printf '%s\n' ': >runs; sleep 1000' \
	'until [ -e runs ]; do sleep 0.01; done; exit 7' >in
rc=0
"$BPOOL" -j2 --halt now,fail=1 <in >out 2>err || rc=$?
[ $rc = 7 ]
[ ! -s out ]
for wrong in 1 now fail=1 now,fail now,fail=0 now,fail=x soon,done=101% \
	now,fail=1%% later,fail=1 now,lost=1; do
	rc=0
	"$BPOOL" --halt "$wrong" true </dev/null 2>err || rc=$?
	[ $rc = 2 ]
	grep -e '^bpool: --halt' err
done
