# SPDX-License-Identifier: MIT
# The job's last line has no end; and the next one's remark has no blank line.
set -eu
cat >in <<'E'
printf 'no end' >&2; exit 1
exit 2
E
for option in -j1 -kj1 '-kj2'; do
	rc=0
	"$BPOOL" $option <in 2>err || rc=$?
	[ $rc = 123 ]
	sort err >sorted
	cat >expected <<'E'
bpool: line 1: exit status 1: printf 'no end' >&2; exit 1
bpool: line 2: exit status 2: exit 2
no end
E
	cmp expected sorted
done
