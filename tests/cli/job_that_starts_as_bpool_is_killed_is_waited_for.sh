# SPDX-License-Identifier: MIT
# It stands in FILE.running before it starts: bpool is killed as it is about to
# write down its session there.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "no strace"; exit 77; }
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
mkfifo gate
cat >job <<'S'
echo $$ >job.pid
cat gate >/dev/null
S
strace -f -o trace -P "$(pwd -P)/log.running" -e trace=pwrite64 \
	-e inject=pwrite64:signal=KILL:when=2 \
	"$BPOOL" -u -j1 --joblog log ::: 'sh job' &
# It follows the job to its end.
strace=$!
until [ -s job.pid ] && grep -q 'killed by SIGKILL' trace; do
	kill -0 $strace || { echo "nothing could be injected"; exit 77; }
	sleep 0.01
done
grep '^1	 *0	.*	sh job$' log.running
"$BPOOL" -u --joblog log --resume ::: 'sh job' 2>err &
pid=$!
until grep '^bpool: job 1 of the run before still runs: waiting: sh job$' err; do
	kill -0 $pid
	sleep 0.01
done
mv job.pid old.pid
: >gate
until [ -s job.pid ]; do sleep 0.01; done
: >gate
wait $pid
wait $strace || :
# One that could not start is not there.
"$BPOOL" -j1 --joblog log ::: ./none 'cp log.running seen' 2>err || :
grep '^#' seen
[ "$(grep -c '^[0-9]' seen)" = 1 ]
