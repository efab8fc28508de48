# SPDX-License-Identifier: MIT
# 20 processes at --sem -j3: three meet (they wait for one another), never a
# fourth.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
mkdir run
for i in $(seq 20); do
	# shellcheck disable=SC2016
	"$BPOOL" --sem "$name" -j3 sh -c '
		: >run/$1
		ls run | wc -l >>counts
		while [ ! -e met ]; do
			[ "$(ls run | wc -l)" -lt 3 ] || : >met
			sleep 0.01
		done
		ls run | wc -l >>counts
		rm run/$1' sh "$i" &
done
wait
[ -e met ]
[ "$(sort -n counts | tail -n 1)" = 3 ]
[ "$(wc -l <counts)" = 40 ]
# One at a time is what there is without -j.
: >counts
for i in $(seq 20); do
	# shellcheck disable=SC2016
	"$BPOOL" --sem="$name" sh -c '
		: >run/$1
		ls run | wc -l >>counts
		rm run/$1' sh "$i" &
done
wait
[ "$(sort -n counts | uniq -c | tr -d ' ')" = 201 ]
