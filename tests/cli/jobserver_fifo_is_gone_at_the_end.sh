# SPDX-License-Identifier: MIT
# Its directory is in $TMPDIR, for nobody else, and removed when bpool ends or
# is stopped, once or twice.
set -eu
TMPDIR=$PWD/own
export TMPDIR
mkdir own
gone() {
	[ -z "$(ls -A own)" ] || { echo "$1: left"; ls -lR own; exit 1; }
}
echo 'ls -ld "$TMPDIR"/bpool-*; echo "$MAKEFLAGS"; ls -l "$TMPDIR"/*' >in
"$BPOOL" -j3 --jobserver=fifo <in >out
cat out
grep '^drwx------' out
grep '^prw-------' out
grep "^ -j3 --jobserver-auth=fifo:$TMPDIR/bpool-[^/]*/jobserver\$" out
gone end
rc=0
echo 'ls "$TMPDIR"; kill -TERM $PPID; sleep 100' |
	timeout 60 "$BPOOL" --jobserver=fifo >out || rc=$?
[ $rc = 143 ]
grep bpool- out
gone TERM
cat >in <<'S'
trap '' TERM; while :; do kill -TERM $PPID; sleep 0.1; done
S
rc=0
timeout 60 "$BPOOL" --jobserver=fifo --kill-after=1h <in >out || rc=$?
[ $rc = 143 ]
gone 'TERM twice'
# A name that would need quoting, which not everyone undoes, is none for it.
mkdir 'a b'
echo 'echo "$MAKEFLAGS"' | TMPDIR="$PWD/a b" "$BPOOL" --jobserver=fifo |
	grep 'auth=fifo:/tmp/bpool-[^/]*/jobserver$'
[ -z "$(ls -A 'a b')" ]
# From wherever a job looks.
echo 'echo "$MAKEFLAGS"' | TMPDIR=own "$BPOOL" --jobserver=fifo |
	grep "auth=fifo:$PWD/own/"
rc=0
echo true | TMPDIR=missing "$BPOOL" --jobserver=fifo 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: --jobserver: missing: No such file' err
