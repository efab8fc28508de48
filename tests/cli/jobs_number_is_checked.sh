# SPDX-License-Identifier: MIT
set -eu
for n in 0 -1 +5 5x x ' 5' '5 ' '' 00 1e3 65537 18446744073709551617 \
	99999999999999999999999; do
	rc=0
	echo true | "$BPOOL" -j "$n" 2>err || rc=$?
	[ $rc = 2 ] || { echo "-j '$n': status $rc"; exit 1; }
	grep '^bpool: -j' err
	rc=0
	echo true | "$BPOOL" --jobs="$n" 2>err || rc=$?
	[ $rc = 2 ]
done
for n in 1 2 07 100; do
	echo true | "$BPOOL" -j "$n"
	echo true | "$BPOOL" -j"$n"
	echo true | "$BPOOL" --jobs "$n"
	echo true | "$BPOOL" --jobs="$n"
done
