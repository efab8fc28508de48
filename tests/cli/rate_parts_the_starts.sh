# SPDX-License-Identifier: MIT
# No more than N start in any TIME, after a burst: so many take so long.  (When
# they come to run is the machine's affair; the windows have unit tests.)
set -eu
since=$(date +%s%N)
seq 25 | "$BPOOL" -j8 --rate 10/500ms ': {}; date +%s%N | cut -c1-13' >times
[ "$(wc -l <times)" = 25 ]
[ $((($(date +%s%N) - since) / 1000000)) -ge 1200 ]
# A burst, and then (N - burst + 1) in the time.
since=$(date +%s%N)
seq 16 | "$BPOOL" -j8 --rate=10/500ms:8 ': {}; date +%s%N | cut -c1-13' >times
[ $((($(date +%s%N) - since) / 1000000)) -ge 1333 ]
# Those that wait for their time do not hold up a stop.
seq 5 >in
rm -f out
"$BPOOL" -j2 --rate 1/h --joblog log -a in echo >out &
pid=$!
until [ -s out ]; do sleep 0.01; done
kill -TERM $pid
rc=0
wait $pid || rc=$?
[ $rc = 143 ]
[ "$(cat out)" = 1 ]
[ "$(wc -l <log)" = 2 ]
for wrong in '' 10 10/ /s 0/s 10/0s 10/5 10/s: 10/s:0 10/s:11 1.5/s x/s 10/x; do
	rc=0
	"$BPOOL" --rate="$wrong" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "--rate $wrong: $rc"; exit 1; }
	grep '^bpool: --rate ' err
done
