# SPDX-License-Identifier: MIT
set -eu
printf 'a,b\n,c' | "$BPOOL" -k -d, printf '<%s>' >out
printf '<a><b\n><c>' | cmp - out
printf 'a\tb' | "$BPOOL" -k -d '\t' printf '<%s>' | grep -x '<a><b>'
printf 'a\037b' | "$BPOOL" -k --delimiter='\x1f' printf '<%s>' | grep -x '<a><b>'
printf 'a\nb\0c' | "$BPOOL" -k -d '\0' printf '<%s>' >out
printf '<a\nb><c>' | cmp - out
# The last of -0 and -d counts.
printf 'a;b' | "$BPOOL" -k -0 -d ';' printf '<%s>' | grep -x '<a><b>'
printf 'a;b\0c' | "$BPOOL" -k -d ';' -0 printf '<%s>' | grep -x '<a;b><c>'
printf 'a;\r\n' | "$BPOOL" -0 -d '\n' printf '<%s>' | grep -x '<a;>'
# No line end, no carriage return to drop.
printf 'a\r,b' | "$BPOOL" -k -d, printf '<%s>' >out
printf '<a\r><b>' | cmp - out
for wrong in '' ab '\q' '\xzz' '\x1f1' '\x' '\x-1' '\x 5' '\x0x'; do
	rc=0
	"$BPOOL" -d "$wrong" echo </dev/null 2>err || rc=$?
	[ $rc = 2 ] || { echo "-d $wrong: $rc"; exit 1; }
	grep '^bpool: -d ' err
done
