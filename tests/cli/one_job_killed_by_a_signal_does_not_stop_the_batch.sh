# SPDX-License-Identifier: MIT
# xargs stops there.  In all forms, and whichever signal: those that stop bpool
# too, and one that dumps core.
set -eu
ulimit -c 0
seq 50 >in
cat >job <<'S'
[ "$2" != 10 ] || kill -$1 $$
echo "$2"
S
sed 10d in >want
check() {
	rc=0
	"$BPOOL" -k -j2 "$@" >out 2>err || rc=$?
	[ $rc = 123 ]
	cmp want out
	grep '^bpool: line 10: killed by signal [0-9]* (' err
	[ "$(grep -c ^bpool: err)" = 1 ]
}
for signal in HUP INT QUIT TERM KILL PIPE SEGV; do
	sed "s/^10\$/kill -$signal \$\$/; t; s/^/echo /" in >lines
	check <lines
	check sh job $signal <in
	check "exec sh job $signal {}" <in
done
