# SPDX-License-Identifier: MIT
# The clock goes hours forwards and backwards with every look at it (clock.c): what
# waits for times waits as long as it should, and what goes by the log still does.
. "$SRC/tests/chaos/common.sh"

# It does.
LD_PRELOAD=$TOOLS/clock.so "$BPOOL" --joblog log true ::: x
off=$(($(sed -n '2s/^[^	]*	[^	]*	\([0-9]*\).*/\1/p' log) - $(date +%s)))
[ ${off#-} -ge 3000 ] || skip 'no library can be put before libc'
rm log
export LD_PRELOAD="$TOOLS/clock.so"

cat >job <<'E'
sed 's/ .*//; s/\.\(..\).*/\10/' /proc/uptime >>at
[ "$1" != 7 ] || exec sleep 1000
[ "$1" != 9 ] || [ $BPOOL_ATTEMPT != 1 ] || exit 1
echo "out $1"
E
rand 20 60
delay=$R
since=$(uptime_ms)
seq 20 >in
rc=0
bpool -k -j4 --delay ${delay}ms --timeout 3s --deadline 250s --retries 2 \
	--retry-on 1 --rate 20/s --joblog log --results dir --events events -a in \
	sh job >out 2>err || rc=$?
took=$(($(uptime_ms) - since))
[ $rc = 123 ] || fail "status $rc: $(cat err)"
grep -q '^bpool: in: line 7: timed out: ' err || fail "$(cat err)"
[ "$(wc -l <err)" = 1 ] || fail "$(cat err)"
seq 20 | grep -v -x 7 | sed 's/^/out /' | cmp - out
# All began apart, in all that time (by a clock of 10 ms).
[ "$(wc -l <at)" = 21 ] || fail "$(wc -l <at) starts"
[ $took -ge 2980 ] || fail "the time-out came after $took ms"
[ $took -lt 200000 ] || fail "it took $took ms"
apart=$(($(sort -n at | tail -n 1) - $(sort -n at | head -n 1)))
[ $apart -ge 800 ] || fail "20 starts, 20 a second, in $apart ms"
# How long they ran is what it was.
awk -F '	' 'NR > 1 && ($4 < 0 || $4 > 200) { print; exit 1 }' log
awk -F '	' '$9 == "sh job 7" && $4 < 2.9 { print; exit 1 }' log
if grep '"seconds":-' events; then
	fail 'less than no time'
fi
# What is done is known.
bpool --joblog log --resume -a in sh job >again 2>&1
[ ! -s again ] || fail "ran again: $(cat again)"
rc=0
bpool --deadline 300ms 'sleep 1000; : {}' ::: x 2>err || rc=$?
[ $rc = 124 ] || fail "the deadline: $rc"
echo "21 starts in $apart ms, a clock that is off by $off s"
