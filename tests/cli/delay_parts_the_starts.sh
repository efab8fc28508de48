# SPDX-License-Identifier: MIT
# Five starts are four delays.
set -eu
now() {
	cut -d' ' -f1 /proc/uptime
}
since=$(now)
seq 5 | "$BPOOL" -j5 --delay=200ms echo >out
[ "$(wc -l <out)" = 5 ]
echo "$since $(now)" | awk '{ exit !($2 - $1 >= 0.79) }'
# A stop ends the sleep.
rc=0
seq 5 | timeout 1 "$BPOOL" -j2 --delay 1h 'echo' >out || rc=$?
[ $rc = 124 ]
[ "$(cat out)" = 1 ]
for wrong in '' x 1x -1 1.2.3 1e3 99999d; do
	rc=0
	"$BPOOL" --delay="$wrong" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "--delay $wrong: $rc"; exit 1; }
	grep '^bpool: --delay ' err
done
