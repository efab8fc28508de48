# SPDX-License-Identifier: MIT
# However the output goes.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
seq 100 >in
for how in '' -k -u --line-buffer '-k --tag=x' -m; do
	(
		ulimit -n 20
		"$BPOOL" $how -j50 printf '%s\n' <in >out 2>err
	)
	sed 's/^x.//' out | sort -n | cmp in -
	grep '^bpool: [0-9]* jobs at once instead of 50: ' err
	[ "$(wc -l <err)" = 1 ]
done
# Each of them may have a slot of a limit.
(
	ulimit -n 64
	"$BPOOL" -k -j50 --limit "$name=50" echo <in >out 2>err
)
cmp in out
grep '^bpool: [0-9]* jobs at once instead of 50: ' err
[ "$(wc -l <err)" = 1 ]
