# SPDX-License-Identifier: MIT
# 500 jobs, and bpool killed by SIGKILL 20 times: each job ran; those alone ran twice
# that were in flight, and never while they still did; each output is in the results,
# once.
. "$SRC/tests/chaos/common.sh"
JOBS=500 KILLS=20 SLOTS=8

# One of each run outlives it, until go.RUN is there.  Who prints is past what is
# noted: a pipe that nobody reads ends it there.
cat >job <<'E'
echo "start $RUN $1" >>ran
if [ "$RUN" -le 20 ] && mkdir "held.$RUN" 2>/dev/null; then
	until [ -e "go.$RUN" ]; do sleep 0.02; done
fi
sleep "$2"
echo "end $RUN $1" >>ran
echo "out $1"
E
: >ran
n=0
while [ $n -lt $JOBS ]; do
	n=$((n + 1))
	rand 50 150
	echo "$n:$(printf 0.%03d $R)"
done >in

all="-j$SLOTS -C : --joblog log --resume --results dir -a in"
starts() { grep -c '^start' ran || :; }
waits() { grep -c 'of the run before.* still runs: waiting: ' err || :; }
# go PID: once it is said that somebody is waited for.
go() {
	[ "$(find . -name 'held.*' | wc -l)" -gt "$(find . -name 'go.*' | wc -l)" ] ||
		return 0
	until [ "$(waits)" -gt "$said" ]; do
		kill -0 "$1" || fail "$RUN: nobody is waited for"
		sleep 0.01
	done
	said=$(waits)
	for held in held.*; do
		[ ${held#held.} = $RUN ] || : >go.${held#held.}
	done
}

# Killed when it has started so many jobs, and now and then at once.
run=0 said=0
: >err
while [ $run -lt $KILLS ]; do
	run=$((run + 1))
	pick '' '' -k --line-buffer
	echo "$run $R" >>ways
	export RUN=$run
	before=$(starts)
	bpool $all $R sh job {1} {2} >>out 2>>err &
	pid=$!
	rand 1 28
	started=$R
	if [ "$R" -gt 2 ]; then
		go $pid
	else
		started=0
	fi
	until=$((before + started))
	while [ "$(starts)" -lt $until ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	nap 0 30
	rc=0
	kill -KILL $pid 2>/dev/null || :
	wait $pid 2>/dev/null || rc=$?
	[ $rc = 137 ] || fail "run $run: it was to be killed, and ended with $rc"
	[ -e log ] || : >log
	cp log log.$run
done
# Those that it has started, as they say, and has not logged.
while [ $run -gt 0 ]; do
	awk -F '	' -v run=$run 'FILENAME != "ran" { split($9, w, " "); done[w[3]] }
		FILENAME == "ran" { split($0, w, " ")
			if (w[1] == "start" && w[2] == run && !(w[3] in done)) n++ }
		END { print run, n + 0 }' log.$run ran >>flying
	run=$((run - 1))
done
hit=$(awk '$2 > 0' flying | wc -l)
[ "$hit" -ge 15 ] || fail "only $hit kills met jobs in flight"
[ "$said" -ge 15 ] || fail "only $said were waited for"
before=$(starts)
[ "$(wc -l <log)" -le $JOBS ] || fail 'nothing was left for the last run'
RUN=$((KILLS + 1))
bpool $all sh job {1} {2} >>out 2>>err &
pid=$!
go $pid
wait $pid || fail "the last run: $?"
[ "$(starts)" -gt "$before" ] || fail 'the last run had nothing to do'
before=$(starts)
RUN=$((KILLS + 2))
bpool $all sh job {1} {2} >>out || fail "the run after that: $?"
[ "$(starts)" = "$before" ] || fail 'what is done ran again'

# Who started again was in flight at each kill before, and had ended.
cat >judge <<'E'
BEGIN {
	while ((getline line <"ways") > 0) {
		split(line, w, " ")
		way[w[1]] = w[2]
	}
	for (run = 1; run <= kills; run++)
		while ((getline line <("log." run)) > 0) {
			split(line, column, "\t")
			split(column[9], w, " ")
			done[run, w[3]]
		}
}
$1 == "start" {
	if (open[$3]) print $3 " started while it ran"
	for (run = 1; run < $2; run++) {
		if ((run, $3) in done) print $3 " ran again and was done"
	}
	if (($2, $3) in started) print $3 " started twice in run " $2
	started[$2, $3]
	open[$3] = 1
	if (ran[$3]++) again++
	if (!(($2, $3) in done)) flying[$2]++
}
$1 == "end" { open[$3] = 0 }
END {
	for (n = 1; n <= jobs; n++) if (!ran[n]) print n " never ran"
	for (n in ran) if (n + 0 < 1 || n + 0 > jobs) print n " is no job"
	# Output that waits for its turn is of jobs that have left their slot.
	for (run = 1; run <= kills; run++)
		if (way[run] != "-k" && flying[run] > slots)
			print flying[run] " in flight in run " run
	print again >"again"
}
E
wrong=$(awk -v kills=$KILLS -v jobs=$JOBS -v slots=$SLOTS -f judge ran)
[ -z "$wrong" ] || fail "$wrong"
again=$(cat again)
[ "$again" -ge 10 ] || fail "only $again jobs ran again"

# The log has each once, and the results too, whole; what is logged was printed.
awk -F '	' 'NR > 1 { split($9, w, " "); print w[3] ($7 $8 == "00" ? "" : " " $7) }' \
	log | sort >logged
seq $JOBS | sort | cmp - logged
[ "$(ls dir | wc -l)" = $JOBS ] || fail "$(ls dir | wc -l) results"
[ "$(find dir -type f | wc -l)" = $((3 * JOBS)) ] || fail 'other files in the results'
find dir -name stdout -exec cat {} + | sort >got
seq $JOBS | sed 's/^/out /' | sort | cmp - got
[ "$(find dir -name meta.json -exec grep -l '"outcome":"ok".*}$' {} + | wc -l)" = \
	$JOBS ] || fail 'meta.json'
sort -u out | cmp - got
[ $(($(wc -l <out) - JOBS)) -le "$again" ] || fail "$(wc -l <out) lines"
echo "$hit of $KILLS kills met jobs in flight, $again of which ran again, $said waited for"
