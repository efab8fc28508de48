# SPDX-License-Identifier: MIT
# Three at once, past what is kept in memory, stdout and stderr.
set -eu
cat >make <<'S'
i=0
while [ $i -lt 20 ]; do
	head -c 500000 /dev/zero | tr '\0' "$1"
	head -c 300000 /dev/zero | tr '\0' "$1" >&2
	i=$((i + 1))
done
S
printf 'a\nb\nc\n' | "$BPOOL" -j3 sh make >out 2>err
[ "$(wc -c <out)" = 30000000 ]
[ "$(wc -c <err)" = 18000000 ]
# In one piece each: three runs of letters.
[ "$(fold -w 10000000 out | cut -c1,10000000 | sort | tr -d '\n')" = aabbcc ]
[ "$(fold -w 10000000 out | uniq -c | wc -l)" = 3 ]
[ -z "$(ls -A "$TMPDIR")" ]
