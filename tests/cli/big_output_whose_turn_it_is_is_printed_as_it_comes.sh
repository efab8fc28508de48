# SPDX-License-Identifier: MIT
# It need not wait on the disk: with -k that of the first that has not ended, without
# it that of the last that is left.  Standard error waits, so their order is as ever.
set -eu
cat >job <<'S'
head -c 3000000 /dev/zero
echo error >&2
until [ -s out ]; do sleep 0.01; done
head -c 3000000 /dev/zero
echo end
S
: >out
printf '1\n2\n' | "$BPOOL" -k -j2 --deadline 60s sh job >>out 2>&1
[ "$(wc -c <out)" = 12000020 ]
# Of each: zeros, "end", "error".
[ "$(tr -d '\0' <out | tr '\n' ' ')" = 'end error end error ' ]
: >out
echo 1 | "$BPOOL" --deadline 60s sh job >>out 2>&1
[ "$(wc -c <out)" = 6000010 ]
[ "$(tr -d '\0' <out | tr '\n' ' ')" = 'end error ' ]

# What was kept before its turn came goes before the rest.
cat >job <<'S'
if [ $1 = 1 ]; then
	until [ -e kept ]; do sleep 0.01; done
else
	yes first | head -n 500000
	: >kept
	yes then | head -n 2000000
fi
S
printf '1\n2\n' | "$BPOOL" -k -j2 sh job >out
[ "$(uniq -c out | tr -s ' ' '\n' | tr '\n' ' ')" = ' 500000 first 2000000 then ' ]
