# SPDX-License-Identifier: MIT
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
seq 100 >in
(
	ulimit -n 64
	"$BPOOL" -k -j50 echo <in >out 2>err
)
cmp in out
grep '^bpool: [0-9]* jobs at once instead of 50: ' err
# Each of them may have a slot of a limit.
(
	ulimit -n 64
	"$BPOOL" -k -j50 --limit "$name=50" echo <in >out 2>err
)
cmp in out
grep '^bpool: [0-9]* jobs at once instead of 50: ' err
[ "$(wc -l <err)" = 1 ]
