# SPDX-License-Identifier: MIT
# xargs stops there.  In all forms: 49 of 50 jobs succeed.
set -eu
seq 50 >in
seq 50 | sed 's/^10$/exit 255/; t; s/^/echo /' >lines
cat >job <<'S'
for i; do
	[ "$i" != 10 ] || exit 255
	echo "$i"
done
S
sed 10d in >want
check() {
	rc=0
	"$BPOOL" -k -j2 "$@" >out 2>err || rc=$?
	[ $rc = 123 ]
	cmp want out
	grep '^bpool: line 10: exit status 255: ' err
	[ "$(wc -l <err)" = 1 ]
}
check <lines
check sh job <in
check 'sh job {}; exit $?' <in
check -n1 sh job <in
