# SPDX-License-Identifier: MIT
# 1,000,000 lines, in no more memory than so much: a thousand a job, as many as fit,
# and all but some of them done by a log; a part of them shown, each as a job.
. "$SRC/tests/chaos/common.sh"
LINES=1000000
ulimit -v 400000

seq $LINES >in
# sum: of how many what is the sum.
sum() { awk '{ n++; s += $1 } END { printf "%.0f %.0f\n", n, s }'; }
want="$LINES $((LINES * (LINES + 1) / 2))"

for way in '-n 1000' -m; do
	# shellcheck disable=SC2086
	got=$(bpool $way -j2 -a in echo | tr ' ' '\n' | sum)
	[ "$got" = "$want" ] || fail "$way: $got"
done
# As they come.
got=$(seq $LINES | bpool -n 2000 -k -j2 echo | tr ' ' '\n' | cksum)
[ "$got" = "$(cksum <in)" ] || fail 'not the same lines'
head -n 100000 in >some
bpool --dry-run -a some echo | cut -d ' ' -f 2 | cmp - some

# Seven of them, anywhere, are not in the log, and three had failed.
n=0
while [ $n -lt 10 ]; do
	n=$((n + 1))
	rand 1 $LINES
	echo "$R"
done | sort -n -u >left
[ "$(wc -l <left)" -ge 9 ]
head -n 3 left >bad
tail -n +4 left >missing
printf 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n' >log
awk 'FILENAME == "missing" { missing[$1]; next }
	FILENAME == "bad" { bad[$1]; next }
	!($1 in missing) {
		printf "%d\t:\t1795820711.020\t     0.096\t0\t6\t", $1
		printf "%d\t0\t/bin/echo %d\n", $1 in bad, $1
	}' missing bad in >>log
bpool -j2 --joblog log --resume -a in /bin/echo | sort -n | cmp missing -
bpool -j2 --joblog log --resume-failed -a in /bin/echo | sort -n | cmp bad -
echo "$(wc -l <log) lines of log"
