# SPDX-License-Identifier: MIT
# Lines of any length: what the kernel takes for a word runs, and what is longer fails,
# which is said; commands run whatever their length; and none disturbs another.
. "$SRC/tests/chaos/common.sh"
LINES=40

# With its number in front, or nothing at all.
n=0
while [ $n -lt $LINES ]; do
	n=$((n + 1))
	rand 0 2097152
	pick 0 1 100 131060 131071 131072 131073 1048576 2097152 $R $R $((R / 16))
	echo "$n $R"
done >sizes
awk 'BEGIN { x = "x"; while (length(x) < 2097152) x = x x }
	{ print $2 ? substr($1 " " x, 1, $2) : "" }' sizes >in
[ "$(wc -l <in)" = $LINES ]

# As values.  A word has room for 131071 bytes.
awk '{ print length($0) }' in >lengths
awk '$1 < 131072' lengths >fit
echo 'echo ${#1}' >job
for way in '-k' '-k -j1' '-k -n 1' '-k --keep-cr'; do
	rc=0
	# shellcheck disable=SC2086
	bpool $way -a in sh job >out 2>err || rc=$?
	[ $rc = 123 ] || fail "$way: status $rc"
	cmp fit out || fail "$way"
	[ "$(grep -c '^bpool: in: line [0-9]*: ' err)" = \
		$((LINES - $(wc -l <fit))) ] || fail "$way: $(cut -c 1-200 err)"
done
tr '\n' '\0' <in >in0
rc=0
bpool -0 -k -a in0 sh job >out 2>err || rc=$?
cmp fit out || fail '-0'

# As commands.
awk '$1 ? 1 : 1 { n++; print ": " $0 "; echo " n }' in >commands
bpool -k -a commands >out 2>err || fail "status $?: $(cut -c 1-200 err)"
seq $LINES | cmp - out
# As stdin has them, in parts.
rand 1 100000
dd if=commands bs="$R" 2>/dev/null | bpool -k >out 2>err ||
	fail "status $?: $(cut -c 1-200 err)"
seq $LINES | cmp - out
echo "$(wc -c <in) bytes, $(wc -l <fit) of $LINES fitted"
