# SPDX-License-Identifier: MIT
set -eu
for n in 0 -1 +5 5x x ' 5' '5 ' '' 00 1e3 65537 18446744073709551617 \
	99999999999999999999999 auto: auto:0 auto:x autox auto:65537; do
	rc=0
	echo true | "$BPOOL" -j "$n" 2>err || rc=$?
	[ $rc = 2 ] || { echo "-j '$n': status $rc"; exit 1; }
	grep '^bpool: -j' err
	rc=0
	echo true | "$BPOOL" --jobs="$n" 2>err || rc=$?
	[ $rc = 2 ]
done
for n in 1 2 07 100 auto auto:3; do
	echo true | "$BPOOL" -j "$n"
	echo true | "$BPOOL" -j"$n"
	echo true | "$BPOOL" --jobs "$n"
	echo true | "$BPOOL" --jobs="$n"
done
# The last one counts; and one job at a time finds nothing out.
echo true | "$BPOOL" -j auto -j 2 --summary 2>err
! grep 'j auto' err || exit 1
for option in --tty --sem=x; do
	rc=0
	"$BPOOL" "$option" -j auto:1 true ::: a 2>err || rc=$?
	[ $rc = 2 ]
	grep '^bpool: -j auto: ' err
done
