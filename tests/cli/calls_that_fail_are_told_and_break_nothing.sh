# SPDX-License-Identifier: MIT
# Without memory or descriptors (for bpool, by a library of ours before libc) jobs
# fail and say so, and bpool itself goes on.  `make torture` tries all such calls.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
case $CC in
*musl*)
	echo 'the shim is for glibc'
	exit 77
	;;
esac
$CC -std=c11 -D_GNU_SOURCE -pthread -shared -fPIC -o shim.so \
	"$SRC/tests/torture/shim.c"
# failing CALL:N[+] OPTION...: 20 jobs meanwhile; its status in $rc, how often it was
# called in $calls, and that the fault was met.
failing() {
	rm -f log
	head -c 16 /dev/zero >counts
	fault=$1
	shift
	rc=0
	seq 20 | LD_PRELOAD=$PWD/shim.so FAULT=$fault FAULT_COUNTS=$PWD/counts \
		"$BPOOL" -j4 "$@" 'echo out {}' >out 2>err || rc=$?
	calls=$(od -An -tu8 counts | awk '{ print $1 }')
	met=$(od -An -tu8 counts | awk '{ print $2 }')
}
# The text of a command is made in several pieces: none is freed twice.
all=0
for n in $(seq 20 4 180); do
	failing realloc:$n --joblog log
	[ $rc = 0 ] || [ $rc = 1 ] || { cat err; exit 1; }
	[ $rc = 0 ] || [ -s err ]
	all=$((all + met))
done
[ $all -ge 20 ]
# Where none may be had ever, one job waits for it, and not each.  A job has two pipes,
# and of four at once each may have only the first of them: then two had both.
failing pipe2:9+
[ $rc = 1 ]
ran=$(wc -l <out)
[ $ran -ge 2 ]
[ $ran -le 4 ]
[ "$(grep -c 'cannot start: Too many open files' err)" = $((20 - ran)) ]
[ $calls -le 90 ] || { echo "$calls calls"; exit 1; }
# Output that cannot be waited for was not lost in the spool's directory.
lost=0
for n in $(seq 2 2 24); do
	failing poll:$n
	[ $rc = 0 ] || [ $rc = 1 ] || { cat err; exit 1; }
	grep -v 'output lost: Cannot allocate memory:' err |
		grep 'output lost' && exit 1
	lost=$((lost + $(grep -c 'output lost' err || true)))
done
[ $lost -ge 3 ]
# And nothing is taken down under a job where none may wait for it.
for n in 8 10 12 14; do
	failing sem_init:$n+ --joblog log --results dir$n
	[ $rc = 0 ] || [ $rc = 1 ] || { cat err; exit 1; }
done
# Threads that cannot be had so are no wrong usage, which would have been said.
failing pthread_attr_setstacksize:1
[ $met = 1 ]
[ $rc = 1 ]
grep '^bpool: cannot begin: Invalid argument$' err
