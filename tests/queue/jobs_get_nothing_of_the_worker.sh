# SPDX-License-Identifier: MIT
# No descriptor but the one to say of the service what it was like, no ignored SIGPIPE, and of the environment what is allowed: what lets
# the worker in is not the jobs'.
. "$SRC/tests/queue/common"
server_start
queue 2
SECRET=1 WANTED=2 LC_ALL=C work errors -j2 --env WANTED -- sh -c '
	ls /proc/self/fd | grep -vcx "$BPOOL_FEEDBACK"
	grep -c '^SigIgn:.*0000000000000[06]$' /proc/self/status
	grep SigBlk /proc/self/status
	echo ${SECRET-none} ${NATS_URL-none} $WANTED $LC_ALL $BPOOL_JOB_ID $BPOOL_SEQ
	ps -o sid= -p $$ | tr -d " " | grep -cx $$' x
exec 7<"$SRC/Makefile"
echo line | "$QUEUE" submit --stream S --class c --batch a.b --wait -q >out
cat >expected <<EOF
4
1
SigBlk:	0000000000000000
none none 2 C a.b/1 1
1
EOF
cmp expected out || { diff expected out; exit 1; }
kill -TERM $worker
wait $worker
