# SPDX-License-Identifier: MIT
# Its message and status say so; others go on; one that ends well after TERM
# has failed all the same; and so with -u, and after it closed its output.
set -eu
rc=0
printf '%s\n' 'sleep 100' 'echo fine' >in
"$BPOOL" -k --timeout 5 <in >out 2>err || rc=$?
[ $rc = 123 ]
[ "$(cat out)" = fine ]
grep '^bpool: line 1: timed out: killed by signal 15 .*: sleep 100$' err
rc=0
echo 'trap "echo last words; exit 0" TERM; : >ready; sleep 100 & wait' |
	"$BPOOL" --timeout 5 >out 2>err || rc=$?
[ $rc = 123 ]
grep 'timed out: exit status 0' err
grep 'last words' out
for option in -u -k; do
	rc=0
	echo 'exec >&- 2>&-; sleep 100' | "$BPOOL" $option --timeout 0.3 ||
		rc=$?
	[ $rc = 123 ]
done 2>/dev/null
for wrong in 0 x 1x 5% 0300% 1234567% -1 300%%; do
	! echo true | "$BPOOL" --timeout "$wrong" 2>err || exit 1
	grep -e '^bpool: --timeout' err
done
