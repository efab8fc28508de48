# SPDX-License-Identifier: MIT
# What runs stands in FILE.running; after SIGKILL --resume finds it there,
# says who still lives, and waits, unless it is told not to.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
mkfifo gate
cat >job <<'E2'
echo $$ >job.pid
exec cat gate >/dev/null
E2
printf '%s\n' 'echo done' 'sh job' >in
"$BPOOL" -j1 --joblog log <in >out &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
# It is there before it starts, and in which session when it has.
until grep "^2	 *$(cat job.pid)	.*	sh job$" log.running; do sleep 0.01; done
[ "$(grep -c '^[0-9]' log.running)" = 1 ]
kill -KILL $pid
wait $pid || :
alive "$(cat job.pid)"
cp log.running kept
rc=0
"$BPOOL" --joblog log --resume --no-wait -a /dev/null 2>err || rc=$?
[ $rc = 0 ]
grep "^bpool: job 2 of the run before, in session $(cat job.pid), still runs: sh job$" err
cp kept log.running
mv job.pid old.pid
"$BPOOL" --joblog log --resume <in >out 2>err &
pid=$!
until grep -q 'still runs: waiting: sh job' err; do sleep 0.01; done
[ ! -e job.pid ]
: >gate
until [ -s job.pid ]; do sleep 0.01; done
: >gate
wait $pid
[ ! -s out ]
[ "$(cut -f 9 log | tail -n 2)" = "echo done
sh job" ]
[ ! -e log.running ]
# A deadline ends the wait, and is told.
rm -f old.pid job.pid log
"$BPOOL" -j1 --joblog log -a in >out &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
kill -KILL $pid
wait $pid || :
rc=0
"$BPOOL" --deadline 200ms --joblog log --resume -a in 2>err || rc=$?
[ $rc = 124 ]
grep '^bpool: --deadline: the time is over' err
alive "$(cat job.pid)"
