# SPDX-License-Identifier: MIT
# ulimit -u counts the threads and processes of a user, of which root has no
# limit: so a user that has no others.  Whatever little it leaves, and whoever
# else has it for a while, each job runs.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
. "$SRC/tests/nproc.sh"
mkdir work
cp "$BPOOL" work/bpool
chmod 777 work
cd work

# For itself alone: it has two, each worker is one, and a job of each is two,
# where a shell starts something.
seq 30 >in
for n in 4 5 6 7 9 10 11 17 30; do
	(limited $n ./bpool -k -j8 -a in /bin/echo) >out 2>err
	cmp in out
	[ $n -ge 18 ] || grep "^bpool: [1-7] jobs at once instead of 8: " err
	! grep -v ' jobs at once instead of 8: ' err || exit 1
done
for n in 5 8 14 25 40; do
	(limited $n ./bpool -k -j20 -a in 'sleep 0.01; echo {}') >out 2>err
	cmp in out
	grep "^bpool: [1-9][0-9]* jobs at once instead of 20: " err
	[ "$(wc -l <err)" = 1 ]
done

# With another that has all of it, and gives it back when it was told of.
start() {
	rm -f err out fill.*
	mkfifo lines
	(limited 20 ./bpool -j2 -a lines /bin/echo >out 2>err) &
	bpool=$!
	exec 3>lines
	echo first >&3
	until [ -s out ]; do sleep 0.01; done
	(limited 200 sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18
		do sleep 250 & echo $! >>fill.pids; done; : >fill.done') &
	until [ -e fill.done ]; do sleep 0.01; done
	echo second >&3
	exec 3>&-
	until [ -s err ]; do sleep 0.01; done
	grep '^bpool: no more processes, waiting for some to end' err
	[ "$(wc -l <err)" = 1 ]
	rm lines
}
fill_end() {
	kill $(cat fill.pids)
}
start
fill_end
wait $bpool
printf 'first\nsecond\n' | cmp - out
# A stop ends the waiting.
start
kill -TERM $bpool
rc=0
wait $bpool || rc=$?
fill_end
[ $rc = 143 ]
echo first | cmp - out
