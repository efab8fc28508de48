# SPDX-License-Identifier: MIT
# At most N of a key at once, and what waits for its key holds no slot: those of one
# key wait for the last lines of all, which have another.
set -eu
# most FILE KEY: how many of the key ran at once.
most() {
	awk -v key="$2" '
		$2 == key && $1 == "in" { if (++n > most) most = n }
		$2 == key && $1 == "out" { n-- }
		END { print most + 0 }' "$1"
}
{
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		echo "slow $i"
	done
	echo 'free 1'
	echo 'free 2'
} >in
"$BPOOL" -j4 -a in -C ' ' --key '{1}' --per-key 2 \
	'echo in {1} {2} >>log
	[ {1} = free ] || until grep -q "out free 2" log; do sleep 0.1; done
	echo out {1} {2} >>log'
[ "$(grep -c ^out log)" = 18 ]
[ "$(most log slow)" = 2 ]
# A rate of each key: two of a key are one wait, whatever others do.
since=$(date +%s%N)
printf '%s\n' 'a 1' 'b 1' 'c 1' 'a 2' 'b 2' 'c 2' |
	"$BPOOL" -j6 -C ' ' --key='{1}' --key-rate=1/300ms true
took=$((($(date +%s%N) - since) / 1000000))
[ $took -ge 300 ]
# By the host of the first URL, whatever stands around it; who has none has no
# limit.
rm log
cat >in <<'EOF'
http://One.example/a
https://user:word@one.example:8080/b?http://two.example
x one.example
"http://two.example"
http://[::1]:80/a
http://[::1]/b
y
EOF
"$BPOOL" -j9 -a in --key-host --per-key 1 \
	'echo in {#} >>log
	[ {#} != 1 ] || until grep -q "in 3" log && grep -q "in 4" log &&
		grep -q "in 7" log; do sleep 0.1; done
	sleep 0.2; echo out {#} >>log'
awk '$1 == "in" { at[$2] = NR } $1 == "out" { end[$2] = NR }
	END {
		one = end[1] < at[2] || end[2] < at[1]
		six = end[5] < at[6] || end[6] < at[5]
		free = at[3] < end[1] && at[4] < end[1] && at[7] < end[1]
		exit !(one && six && free)
	}' log
# Neither commas, a dot at the end, nor what may be in a password make another.
cat >hosts <<'EOF'
1,http://one.example,ann@two.example
2,http://ann:a;b&c(d)'e@one.example/1
3,http://one.example.,x
4,HTTPS://One.Example:443
EOF
one_at_a_time() {
	rm -f log
	"$BPOOL" -j4 --key-host --per-key 1 "$@"
	awk '$1 == "in" { if (++n > 1) exit 1 } $1 == "out" { n-- }' log
	[ "$(wc -l <log)" = 8 ]
}
one_at_a_time -a hosts 'echo in >>log; sleep 0.2; echo out >>log; : {}'
one_at_a_time -a hosts -C , 'echo in >>log; sleep 0.2; echo out >>log; : {2}'
# A key that is long is one all the same.
rm log
long=$(printf '%0300d' 7)
printf '%s\n' "$long" "$long" "${long}8" |
	"$BPOOL" -j3 --key {} --per-key 1 \
	'echo in {#} >>log
	[ {#} != 1 ] || until grep -q "in 3" log; do sleep 0.1; done
	sleep 0.2; echo out {#} >>log; : {}'
awk '$1 == "in" { at[$2] = NR } $1 == "out" { end[$2] = NR }
	END { exit !(end[1] < at[2] && at[3] < end[1]) }' log
wrong() {
	rc=0
	"$BPOOL" "$@" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "$*: $rc"; exit 1; }
}
wrong --key {}
wrong --key-host
wrong --per-key 1
wrong --key-rate 1/s
wrong --key {} --key-host --per-key 1
wrong --key {} --per-key 0
wrong --key {} --key-rate 1
wrong -n2 --key '{3}' --per-key 1
wrong -n2 -j auto --key '{3}'
wrong --key 'x{%}' --per-key 1
