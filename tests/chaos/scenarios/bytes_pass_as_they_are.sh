# SPDX-License-Identifier: MIT
# Jobs that print NUL, invalid UTF-8 and all else, in any size, and have it in their
# values: stdout, stderr and --results have what they printed, and what tells of them
# in JSON is UTF-8 all the same.
. "$SRC/tests/chaos/common.sh"
JOBS=30

rand 1 1000000
# shellcheck disable=SC2059
printf "$(awk -v seed="$R" 'BEGIN { srand(seed)
	for (i = 0; i < 5000; i++) printf "\\%03o", rand() * 256 }')" >some
[ "$(od -An -v -tx1 some | tr -s ' ' '\n' | grep . | sort -u | wc -l)" = 256 ]
mkdir bytes
n=0
while [ $n -lt $JOBS ]; do
	n=$((n + 1))
	pick 0 1 100 4096 65536 65537 300000 1048576 1048577 3000000
	size=$R
	rand 1 5000
	tail -c "$R" some >bytes/$n
	until [ "$(wc -c <bytes/$n)" -ge "$size" ]; do
		cat some some some some some some some some some some >>bytes/$n
	done
	truncate -s "$size" bytes/$n
	rand 1 4000
	printf '%d ' $n
	tail -c +"$R" some | head -c 200 | tr -d '\0\n'
	echo
done >in

cat >job <<'E'
cat "bytes/$1"
cat "bytes/$((31 - $1))" >&2
E
seq $JOBS | sed 's|^|bytes/|' | xargs cat >want.out
seq $JOBS | sort -rn | sed 's|^|bytes/|' | xargs cat >want.err
for way in '-j1 -u' '-j1' '-j4 -k' '-j4 -k --results dir --events events'; do
	# shellcheck disable=SC2086
	bpool $way --keep-cr -C ' .*' -a in sh job {1} >out 2>err
	cmp want.out out
	cmp want.err err
done
[ "$(ls dir | wc -l)" = $JOBS ] || fail "$(ls dir | wc -l) results"
for results in dir/*; do
	n=${results#dir/}
	n=${n%%-*}
	cmp "bytes/$n" "$results/stdout"
	cmp "bytes/$((JOBS + 1 - n))" "$results/stderr"
done

# A value of any bytes, as it is, in the log, the events and the results.
bpool -k --keep-cr --joblog log --events events --results all -a in printf '%s\n' >out
cmp in out
[ "$(wc -l <events)" = $((2 * JOBS + 2)) ] || fail "$(wc -l <events) events"
if iconv -f UTF-8 -t UTF-8 in >/dev/null 2>&1; then
	fail 'the values are UTF-8'
fi
cat events all/*/meta.json | iconv -f UTF-8 -t UTF-8 >/dev/null
bpool --keep-cr --joblog log --resume -a in printf '%s\n' >out
[ ! -s out ] || fail "ran again: $(wc -l <out)"
echo "$(wc -c <want.out) bytes of $JOBS jobs"
