# SPDX-License-Identifier: MIT
# A grandchild in a session of its own, without the mark of its job, dies with
# the whole run; the daemon of a job that ended well lives on, where it has it.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
cat >start <<'E2'
setsid sh -c 'echo $$ >$0.pid; trap "" TERM; exec sleep 1000' $1 \
	>/dev/null 2>&1 &
until [ -s $1.pid ]; do sleep 0.01; done
E2
cat >cleared <<'E2'
until grep -q '"end".*"job":1,' events; do sleep 0.01; done
env -i PATH="$PATH" sh start cleared
sh start marked
kill -TERM $(cat bpool.pid)
sleep 1000
E2
printf '%s\n' 'env -i PATH="$PATH" sh start loose; sh start daemon' \
	'sh cleared' >in
sh -c 'echo $$ >bpool.pid; exec "$BPOOL" -j2 --kill-after 0.5 --events events -a in' &
rc=0
wait $! || rc=$?
[ $rc = 143 ]
for name in cleared marked loose; do
	dead "$(cat $name.pid)" || { echo "$name lives"; exit 1; }
done
alive "$(cat daemon.pid)"
# What bpool's process had started before it was bpool is none of its jobs.
cat >before <<'E2'
sleep 1000 &
echo $! >before.pid
sleep 0.1
exec "$BPOOL" --kill-after 0.5 'kill -TERM $PPID; sleep 1000; : {}' ::: x
E2
rc=0
sh before || rc=$?
[ $rc = 143 ]
alive "$(cat before.pid)"
