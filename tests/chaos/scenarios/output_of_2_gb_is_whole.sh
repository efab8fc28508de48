# SPDX-License-Identifier: MIT
# A job that prints 2 GB, between others: it goes through a file that has no name.
. "$SRC/tests/chaos/common.sh"
# df's fourth column is what is available, in KiB.
free=$(df -Pk "$TMPDIR" | awk 'NR == 2 { print $4 }')
[ "$free" -gt 6000000 ] || skip "less than 6 GB in $TMPDIR"

since=$(uptime_ms)
printf '%s\n' 'echo one' 'head -c 2147483648 /dev/zero; echo two >&2' \
	'echo three' >in
{
	rc=0
	bpool -k -j3 -a in 2>err || rc=$?
	echo $rc >status
} | {
	head -c 4 >first
	head -c 2147483648 | tr -d '\0' >zeros
	cat >last
}
[ "$(cat status)" = 0 ] || fail "status $(cat status): $(cat err)"
echo one | cmp - first
[ ! -s zeros ] || fail "$(wc -c <zeros) others among the zeros"
echo three | cmp - last
echo two | cmp - err
echo "2 GB in $(($(uptime_ms) - since)) ms"
