# SPDX-License-Identifier: MIT
# More memory than there is is never free; a stop ends the wait.
set -eu
rc=0
echo 'echo no' | timeout 1 "$BPOOL" --memfree 1000T >out || rc=$?
[ $rc = 124 ]
[ ! -s out ]
echo 'echo yes' | "$BPOOL" --memfree=1K --load 100000 | grep yes
for size in 1k 0.001m 0.000001g 0.000000001t; do
	echo 'echo yes' | "$BPOOL" --memfree=$size | grep yes
done
for wrong in '--memfree x' '--memfree 1X' '--load 0' '--load x' '--load -1' \
	'--load 0x10' '--load 1e3' '--load inf' '--load .' '--load 1.2.3'; do
	rc=0
	"$BPOOL" $wrong echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
done
