# SPDX-License-Identifier: MIT
# Nor does any other number of them.
set -eu
for n in 1 255 256 257 512; do
	rc=0
	seq $n | "$BPOOL" -q -j4 false || rc=$?
	[ $rc = 123 ] || { echo "$n failures: status $rc"; exit 1; }
done
