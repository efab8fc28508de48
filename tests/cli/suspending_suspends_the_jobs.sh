# SPDX-License-Identifier: MIT
# TSTP stops the jobs, then bpool; CONT lets all go on, and the time between
# does not count for --timeout.
set -eu
# The job forks nothing: a child that is stopped between vfork and exec keeps
# its parent in state D rather than T.
cat >job <<'E2'
echo $$ >job.pid
n=0
while [ ! -e end ]; do n=$((n + 1)); echo $n >count; done
E2
state() { sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status"; }
waits_for() { until [ "$(state "$1")" "$2" T ]; do sleep 0.01; done; }
echo 'sh job' | "$BPOOL" --timeout 20 &
pid=$!
until [ -s job.pid ] && [ -s count ]; do sleep 0.01; done
for round in 1 2; do
	kill -TSTP $pid
	waits_for $pid =
	waits_for "$(cat job.pid)" =
	kill -CONT $pid
	waits_for $pid !=
	waits_for "$(cat job.pid)" !=
	was=$(cat count)
	until [ "$(cat count)" != "$was" ]; do sleep 0.01; done
done
: >end
wait $pid
# While it is suspended, its time stands still.
rm -f end job.pid
echo 'sh job' | "$BPOOL" --timeout 3 &
pid=$!
until [ -s job.pid ]; do sleep 0.01; done
kill -TSTP $pid
waits_for $pid =
sleep 3.5
: >end
kill -CONT $pid
wait $pid
