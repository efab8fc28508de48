# SPDX-License-Identifier: MIT
# Jobs of bpool --jobserver -j3 that are make, or bpool, share the three: three
# recipes meet, and never a fourth; make has nothing to complain of.
set -eu
. "$SRC/tests/meet.sh"
cat >Makefile <<'S'
all: 1 2 3 4 5
1 2 3 4 5:
	@sh meet $(D).$@
S
check() {
	[ ! -s err ] || { echo "$1"; cat err; exit 1; }
	three_met || { echo "$1: counts"; exit 1; }
	[ "$(wc -l <counts)" = $2 ]
	rm counts met
}
timeout 120 "$BPOOL" --jobserver -j3 make D={} ::: a b c d 2>err
check make 40
# One make alone has all three.
timeout 120 "$BPOOL" --jobserver=pipe -j3 make D={} ::: a 2>err
check 'one make' 10
for style in pipe fifo; do
	timeout 120 "$BPOOL" --jobserver=$style -j3 '
		seq 5 | "$BPOOL" -j8 -I @ sh meet {}.@' ::: a b c 2>err
	check "bpool, $style" 30
done
# What MAKEFLAGS said stays, but for another jobserver and before variables.
echo 'echo "$MAKEFLAGS"' >in
MAKEFLAGS='ks --jobserver-auth=77,78 -- A=b' "$BPOOL" -q -j3 --jobserver <in |
	grep -x 'ks -j3 --jobserver-auth=[0-9]*,[0-9]* -- A=b'
# A last backslash is no blank's.
echo 'printenv MAKEFLAGS' | MAKEFLAGS='k\' "$BPOOL" -q -j3 --jobserver |
	grep -x 'k\\\\ -j3 --jobserver-auth=[0-9]*,[0-9]*'
"$BPOOL" -j3 --jobserver <in | grep -x ' -j3 --jobserver-auth=[0-9]*,[0-9]*'
rc=0
"$BPOOL" --jobserver=pipes true </dev/null 2>err || rc=$?
[ $rc = 2 ]
grep '^bpool: --jobserver=pipes: ' err
