# SPDX-License-Identifier: MIT
# Into a file: one at the end of a short run, without control characters; and
# one every ten seconds.
set -eu
# lines_of N: so many, and one for every ten seconds since $begin.
lines_of() {
	[ "$(wc -l <err)" -le $(($1 + ($(date +%s) - begin) / 10)) ]
}
begin=$(date +%s)
rc=0
seq 12 | "$BPOOL" --progress -q 'exit {}' 2>err || rc=$?
[ $rc = 123 ]
grep -E '^bpool: 12/12 done, 0 running, 12 failed, [0-9.]+/s, 0:[0-9][0-9]$' err
lines_of 1
begin=$(date +%s)
echo 'until grep -q done err; do sleep 0.05; done; printf x >&2' |
	"$BPOOL" --progress 2>err
grep -E '^bpool: 0/1 done, 1 running, 0:[0-9][0-9]$' err
grep -E '^bpool: 1/1 done, 0 running, [0-9.]+/(s|min), 0:[0-9][0-9]$' err
lines_of 2
seq 3 | "$BPOOL" true 2>err
[ ! -s err ]
rc=0
"$BPOOL" --progress -u true </dev/null 2>err || rc=$?
[ $rc = 2 ]
