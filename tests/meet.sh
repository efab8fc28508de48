# SPDX-License-Identifier: MIT
# For tests of a bound of three: `sh meet NAME` goes on when three of it run, and
# each writes down, at its start and at its end, how many do.
mkdir run
cat >meet <<'S'
: >run/$1
ls run | wc -l >>counts
until [ -e met ]; do
	[ "$(ls run | wc -l)" -lt 3 ] || : >met
	sleep 0.01
done
sleep 0.05
ls run | wc -l >>counts
rm run/$1
S
# Three, and never a fourth.
three_met() {
	[ "$(sort -n counts | tail -n 1)" = 3 ]
}
