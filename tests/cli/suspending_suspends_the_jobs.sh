# SPDX-License-Identifier: MIT
# TSTP stops the jobs, then bpool; CONT lets all go on, and the time between
# does not count for --timeout.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
# In a process group that this shell could continue, as one with job control.
group() {
	exec python3 -c 'import os, sys
os.setpgid(0, 0)
os.execv(sys.argv[1], sys.argv[1:])' "$@"
}
# The job forks nothing: a child that is stopped between vfork and exec keeps
# its parent in state D rather than T.
cat >job <<'E2'
echo $$ >job.pid
n=0
while [ ! -e end ]; do n=$((n + 1)); echo $n >count; done
E2
state() { sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status"; }
goes_on() { # it and its job
	waits_for $pid !=
	waits_for "$(cat job.pid)" !=
	was=$(cat count)
	until [ "$(cat count)" != "$was" ]; do sleep 0.01; done
}
waits_for() { until [ "$(state "$1")" "$2" T ]; do sleep 0.01; done; }
group "$BPOOL" --timeout 60 sh ::: job &
pid=$!
until [ -s job.pid ] && [ -s count ]; do sleep 0.01; done
for round in 1 2; do
	kill -TSTP $pid
	waits_for $pid =
	waits_for "$(cat job.pid)" =
	kill -CONT $pid
	goes_on
done
: >end
wait $pid
# While it is suspended, its time stands still.
rm -f end job.pid
group "$BPOOL" --timeout 20 sh ::: job &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
kill -TSTP $pid
waits_for $pid =
sleep 20.5
: >end
kill -CONT $pid
wait $pid

# CONT takes back what is not done yet.
rm -f end job.pid
group "$BPOOL" sh ::: job &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
for round in 1 2 3 4; do
	kill -TSTP $pid
	kill -CONT $pid
	goes_on
done
: >end
wait $pid
# Where nobody could continue it, it goes on.
rm -f end job.pid
setsid "$BPOOL" sh ::: job &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
kill -TSTP $pid
while [ $((0x$(sed -n 's/^ShdPnd:.//p' /proc/$pid/status) & 0x80000)) != 0 ]; do
	sleep 0.01
done
[ "$(state $pid)" != T ]
: >end
wait $pid
