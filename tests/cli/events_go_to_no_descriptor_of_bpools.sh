# SPDX-License-Identifier: MIT
# --events fd:N is the caller's N, or an error, and never what bpool opened
# itself; and jobs do not have it.
set -eu
"$BPOOL" --joblog log true ::: a b c
cp log before
for n in 3 4 5 6 7 8 9; do
	rc=0
	eval '"$BPOOL" --joblog log --resume --events "fd:$n" touch ::: ran' \
		"$n>&-" 2>err || rc=$?
	[ $rc = 1 ]
	grep "^bpool: --events fd:$n: bpool was not given this" err
	cmp log before
done
# Not for writing; and what stands in for a standard one that is closed.
for redirected in 0 1 2; do
	rc=0
	eval '"$BPOOL" --events fd:$redirected touch ::: ran' \
		"$redirected>&- 3>&-" 2>err || rc=$?
	[ $rc = 1 ]
done
rc=0
"$BPOOL" --events fd:3 touch ::: ran 3<before 2>err || rc=$?
[ $rc = 1 ]
[ ! -e ran ]
"$BPOOL" --events fd:3 'test {} -ef /proc/self/fd/3 || exit 0; echo junk >&3' \
	::: "$PWD/events" 3>events
grep '"event":"summary",.*"succeeded":1' events
[ "$(grep -vc '^{' events)" = 0 ]
# One of the standard ones is as good as any.
"$BPOOL" --events fd:1 true ::: a >events
grep '"event":"summary"' events
