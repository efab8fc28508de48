# SPDX-License-Identifier: MIT
# A run that waits for a slot, first in line or not, is ended by TERM and by
# --deadline; those behind it do not mind.
set -eu
name=test-$$
file=/tmp/bpool-$(id -u)/$name
trap 'rm -f "$file"' EXIT
mkfifo hold
"$BPOOL" --sem "$name" sh -c ': >in; exec cat hold' &
while [ ! -e in ]; do
	sleep 0.01
done
seq 5 >lines
for i in 2 3; do
	"$BPOOL" -j3 --limit "$name=1" touch <lines &
	eval "run$i=$!"
	until grep -q " $i\$" "$file"; do
		sleep 0.01
	done
done
"$BPOOL" --sem "$name" touch after &
after=$!
until grep -q " 4\$" "$file"; do
	sleep 0.01
done
# shellcheck disable=SC2154
for run in "$run3" "$run2"; do
	rc=0
	kill "$run"
	wait "$run" || rc=$?
	[ $rc = 143 ]
done
rc=0
"$BPOOL" -j3 --limit "$name=1" --deadline 50ms touch <lines || rc=$?
[ $rc = 124 ]
[ ! -e 1 ]
[ ! -e after ]
: >hold
wait $after
[ -e after ]
