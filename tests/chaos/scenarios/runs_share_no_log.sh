# SPDX-License-Identifier: MIT
# Several bpools begin with one log at once, again and again, while they are killed:
# one has it, the others say so and run nothing, until all is done; each job ran, and
# those alone ran twice whose run was killed.
. "$SRC/tests/chaos/common.sh"
JOBS=60 RUNNERS=4 KILLS=10

cat >job <<'E'
echo "start $RUNNER $1" >>ran
sleep 0.05
echo "end $RUNNER $1" >>ran
echo "out $1"
E
: >ran
seq $JOBS >in

# Until there is nothing more to do for anybody.
cat >runner <<'E'
n=0
while [ ! -e over ]; do
	n=$((n + 1))
	RUNNER=$1.$n
	export RUNNER
	rc=0
	"$BPOOL" -j2 --joblog log --resume -a in sh job >>out.$1 2>err.$1 &
	pid=$!
	echo $pid $RUNNER >>runs
	wait $pid || rc=$?
	echo "$RUNNER $rc $(cat err.$1)" >>ends
done
E
: >runs
: >ends
runner=0
while [ $runner -lt $RUNNERS ]; do
	runner=$((runner + 1))
	sh runner $runner 2>/dev/null &
done
# Whoever has the log, when it has begun something more.
begun() {
	grep -c start ran || :
}
all_logged() {
	[ "$(wc -l <log)" -gt $JOBS ]
}
kills=0
while [ $kills -lt $KILLS ] && ! all_logged; do
	rand 1 5
	until=$(($(begun) + R))
	until [ "$(begun)" -ge $until ] || all_logged; do
		sleep 0.01
	done
	holder=$(grep start ran | tail -n 1 | cut -d ' ' -f 2)
	holder=$(awk -v r="$holder" '$2 "" == r "" { print $1 }' runs)
	if kill -KILL "$holder" 2>/dev/null; then
		kills=$((kills + 1))
	fi
done
until all_logged; do sleep 0.02; done
nap 0 100
: >over
wait

# Who was refused, who did all that was left, and who was killed.
awk '$2 == 0 { next } $2 == 137 { killed++; next }
	$2 == 1 && /bpool: log: another run writes this log$/ { refused++; next }
	{ print; bad = 1 }
	END { print killed + 0, refused + 0 >"count"; exit bad }' ends >wrong ||
	fail "$(cat wrong)"
read -r killed refused <count
[ "$refused" -ge 3 ] || fail "only $refused were refused"
[ "$killed" -ge 4 ] || fail "only $killed were killed"
awk '$2 == 137 { print $1 }' ends >killed
awk 'FILENAME == "killed" { killed[$1]; next }
	$1 == "start" {
		if ($3 in open) print $3 " started while it ran"
		if ($3 in by && !(by[$3] in killed)) print $3 " ran again"
		by[$3] = $2
		open[$3]
	}
	$1 == "end" { delete open[$3] }' killed ran >wrong
[ ! -s wrong ] || fail "$(cat wrong)"
cut -f 9 log | sed 1d | cut -d ' ' -f 3 | sort -n | cmp in -
cat out.* | sort -u | sed 's/out //' | sort -n | cmp in -
echo "$refused refused, $killed killed"
