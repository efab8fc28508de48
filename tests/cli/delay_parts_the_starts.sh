# SPDX-License-Identifier: MIT
# Five starts are four delays.
set -eu
# hundredths of a second
now() {
	sed 's/ .*//; s/\.//' /proc/uptime
}
since=$(now)
seq 5 | "$BPOOL" -j5 --delay=200ms echo >out
[ "$(wc -l <out)" = 5 ]
[ $(($(now) - since)) -ge 79 ]
# A stop ends the sleep.
seq 5 >in
rm out
"$BPOOL" -j2 --delay 1h -a in echo >out &
pid=$!
until [ -s out ]; do sleep 0.01; done
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
[ "$(wc -l <out)" = 1 ]
for wrong in '' x 1x -1 1.2.3 1e3 99999d; do
	rc=0
	"$BPOOL" --delay="$wrong" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "--delay $wrong: $rc"; exit 1; }
	grep '^bpool: --delay ' err
done
