# SPDX-License-Identifier: MIT
# While others run, or more may come, it is not printed before it has ended: they may
# end first.
set -eu
cat >job <<'S'
case $1 in
big)
	yes big | head -n 1000000
	: >printed
	until [ -e ended ]; do sleep 0.01; done
	yes big | head -n 1000000
	;;
small)
	until [ -e printed ]; do sleep 0.01; done
	echo small
	;;
esac
S
{
	echo big
	echo small
	# It is printed before the input is at its end.
	until grep -q small out 2>/dev/null; do sleep 0.01; done
	: >ended
} | "$BPOOL" -j2 --deadline 60s sh job >out
[ "$(uniq -c out | tr -s ' ' '\n' | tr '\n' ' ')" = ' 1 small 2000000 big ' ]
