# SPDX-License-Identifier: MIT
# 1 MB for what does not fit into memory: outputs that do not fit are lost, which is
# said of each, and all others are whole; so are the log and the results.
. "$SRC/tests/chaos/common.sh"
ROUNDS=6

cat >job <<'E'
echo "begin $1"
head -c "$2" /dev/zero | tr '\0' x
echo
echo "end $1"
echo >>ran.$1
E

# round WHERE COMMAND...: jobs of all sizes.
round() {
	where=$1
	shift
	n=0
	while [ $n -lt 16 ]; do
		n=$((n + 1))
		pick 10 1000 100000 400000 1000000 1500000 3000000
		echo "$n $R"
	done >in
	rm -rf ran.* dir log
	pick '-j1' '-j1 -k' '-j4' '-j4 -k' '-j4 -k --results dir'
	way=$R
	{
		rc=0
		# shellcheck disable=SC2086
		"$@" "$BPOOL" $way --joblog log -C ' ' -a in sh job {1} {2} 2>err || rc=$?
		echo $rc >status
	} | cat >out
	what="$where, $way: status $(cat status): $(cat err)"
	[ "$(find . -name 'ran.*' | wc -l)" = 16 ] || fail "$what: not all ran"
	lost=$(grep -c ': output lost: ' err) || :
	all_lost=$((all_lost + lost))
	case $lost.$(cat status) in
	0.0 | [1-9]*.1) ;;
	*) fail "$what" ;;
	esac
	[ "$(wc -l <log)" = $((17 - lost)) ] || fail "$what: $(cat log)"
	# What is logged is whole, behind what may have been cut before it.
	awk -F '	' 'NR > 1 { split($9, w, " "); print w[3], w[4] }' log |
		sort -n >logged
	awk '/begin [0-9]+$/ { sub(/.*begin /, ""); n = $0; next }
		/^end / { if ($2 == n) print n, size; next }
		{ size = length($0) }' out | sort -n >whole
	cmp logged whole || fail "$what"
}

# 1 MB of 512 byte blocks.
all_lost=0 where='' i=0
while [ $i -lt $ROUNDS ]; do
	i=$((i + 1))
	round 'files of 1 MB' sh -c 'ulimit -f 2048; exec "$@"' sh
done
[ $all_lost -gt 0 ] || fail 'all fitted'
tmpfs='mount -t tmpfs -o size=1m chaos "$TMPDIR" && exec "$@"'
if [ "$(id -u)" = 0 ] && unshare -m sh -c "$tmpfs" sh true; then
	before=$all_lost
	while [ $i -gt 0 ]; do
		i=$((i - 1))
		round 'a disk of 1 MB' unshare -m sh -c "$tmpfs" sh
	done
	[ "$all_lost" -gt "$before" ] || fail 'all fitted on the disk'
	where=', with a disk'
fi
echo "$all_lost outputs of jobs lost$where"
