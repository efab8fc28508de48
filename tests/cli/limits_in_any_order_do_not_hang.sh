# SPDX-License-Identifier: MIT
# Two runs with the same two limits, in the order of the one and the other.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"*' EXIT
seq 40 | "$BPOOL" -j4 --limit "$name.a=1" --limit "$name.b=1" echo >one &
seq 40 | "$BPOOL" -j4 --limit "$name.b=1" --limit "$name.a=1" echo >other &
wait
[ "$(cat one other | sort -n | uniq -c | grep -c ' 2 ')" = 40 ]
for wrong in x x= x=0 x=y x=4097 =1 x=-1; do
	rc=0
	"$BPOOL" --limit "$wrong" true </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
	grep '^bpool: --limit ' err
done
grep -F 'limit x=-1: ' err
rc=0
"$BPOOL" --limit x=1 --limit x=2 true </dev/null 2>err || rc=$?
[ $rc = 2 ]
grep 'given twice' err
