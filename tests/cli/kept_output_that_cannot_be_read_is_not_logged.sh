# SPDX-License-Identifier: MIT
# Behind -k two jobs wait in the spool.  What of them cannot be read back is
# told and has no record; those behind it are printed all the same.  Worker 1,
# whose turn it is, reads: a place of the index, then an extent, its bytes ...
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "no strace"; exit 77; }
cat >in <<'S'
cat gate; echo one
echo two; : >two
echo three; : >three
S
traced() {
	for task in /proc/$pid/task/*; do
		! grep -q '^TracerPid:	0$' $task/status || return 1
	done
}
for when in 1 2; do
	rm -f gate two three log err out trace events
	mkfifo gate
	"$BPOOL" -k -j2 --joblog log --events events -a in >out 2>err &
	pid=$!
	exec 3>gate
	until [ -e events ] && [ "$(grep -c '"end"' events)" = 2 ]; do
		sleep 0.01
	done
	strace -f -p $pid -o trace -e trace=pread64 \
		-e inject=pread64:error=EIO:when=$when 2>strace.err 3>&- &
	strace=$!
	until traced; do
		kill -0 $strace || { echo "nothing could be injected"; exit 77; }
		sleep 0.01
	done
	exec 3>&-
	rc=0
	wait $pid || rc=$?
	wait $strace || :
	[ $rc = 1 ]
	grep '^bpool: reading kept output: ' err
	[ "$(wc -l <err)" = 1 ]
	[ "$(cat out)" = "one
three" ]
	[ "$(tail -n +2 log | cut -f 1)" = "1
3" ]
	"$BPOOL" -k --joblog log --resume --dry-run -a in >left
	[ "$(cat left)" = 'echo two; : >two' ]
done
