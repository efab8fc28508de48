# SPDX-License-Identifier: MIT
# Two runs and some --sem with three slots: three meet (they wait for one
# another), never a fourth.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
mkdir run
# shellcheck disable=SC2016
job='
	: >run/$1
	ls run | wc -l >>counts
	while [ ! -e met ]; do
		[ "$(ls run | wc -l)" -lt 3 ] || : >met
		sleep 0.01
	done
	ls run | wc -l >>counts
	rm run/$1'
for run in a b; do
	seq 10 | "$BPOOL" -j5 --limit "$name=3" sh -c "$job" sh $run{} &
done
for i in $(seq 6); do
	"$BPOOL" --sem "$name" -j3 sh -c "$job" sh "c$i" &
done
wait
[ -e met ]
[ "$(sort -n counts | tail -n 1)" = 3 ]
[ "$(wc -l <counts)" = 52 ]
# As many as a run has and no more, where it is alone.
: >counts
seq 10 | "$BPOOL" -j5 --limit "$name=2" sh -c "$job" sh {}
[ "$(sort -n counts | tail -n 1)" -le 2 ]
[ "$(wc -l <counts)" = 20 ]
