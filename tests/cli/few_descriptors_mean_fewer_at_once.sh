# SPDX-License-Identifier: MIT
set -eu
seq 100 >in
(
	ulimit -n 64
	"$BPOOL" -k -j50 echo <in >out 2>err
)
cmp in out
grep '^bpool: [0-9]* jobs at once instead of 50: ' err
