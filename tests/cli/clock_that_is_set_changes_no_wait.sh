# SPDX-License-Identifier: MIT
# CLOCK_REALTIME goes hours forwards and backwards with every look at it (by a
# library before bpool's libc): nothing is early, late or stopped.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
# For the libc of bpool, and for that of the jobs.
$CC -shared -fPIC -nostdlib -o set.so "$SRC/tests/chaos/clock.c"
with() { LD_PRELOAD=$PWD/set.so "$BPOOL" "$@"; }
uptime_ms() { # 10 ms at best
	sed 's/ .*//; s/\.\(..\).*/\10/; s/^0*//' /proc/uptime
}
# It is in effect.
with --joblog log true ::: x
off=$(($(sed -n '2s/^[^	]*	[^	]*	\([0-9]*\).*/\1/p' log) - $(date +%s)))
[ ${off#-} -ge 3000 ]
# Told to come back, in the middle of a rate, delays and limits of time.
cat >job <<'E2'
sed 's/ .*//; s/\.\(..\).*/\10/' /proc/uptime >>at.$1
[ $1 != 3 ] || [ $BPOOL_ATTEMPT -gt 1 ] || {
	echo retry-after 1 >&$BPOOL_FEEDBACK
	exit 75
}
E2
since=$(uptime_ms)
seq 6 | with -j4 --rate 10/s --delay 10ms --timeout 300s --deadline 300s \
	--retries 1 sh job {} 2>err
[ ! -s err ]
[ "$(cat at.* | wc -l)" = 7 ]
[ $(($(uptime_ms) - since)) -ge 1000 ]
[ $(($(uptime_ms) - since)) -lt 200000 ]
[ $(($(sed -n 2p at.3) - $(sed -n 1p at.3))) -ge 990 ]
# What takes too long is stopped, and the run too.
rc=0
with --timeout 200ms 'sleep 300; : {}' ::: x 2>err || rc=$?
[ $rc = 123 ]
grep "job 1: timed out: " err
rc=0
with --deadline 300ms 'sleep 300; : {}' ::: x 2>err || rc=$?
[ $rc = 124 ]
