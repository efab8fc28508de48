# SPDX-License-Identifier: MIT
# 20 jobs at -j5: five meet (they wait for one another), never a sixth.
set -eu
mkdir run
seq 20 | "$BPOOL" -j5 '
	: >run/{}
	ls run | wc -l
	while [ ! -e met ]; do
		[ "$(ls run | wc -l)" -lt 5 ] || : >met
		sleep 0.01
	done
	ls run | wc -l
	rm run/{}' >counts
[ -e met ]
[ "$(sort -n counts | tail -n 1)" = 5 ]
[ "$(wc -l <counts)" = 40 ]
