# SPDX-License-Identifier: MIT
# Its reader may come later; where none comes, TERM and the deadline end bpool,
# also where the limit on descriptors was raised.
set -eu
mkfifo events
begin() {
	(
		ulimit -Sn 64
		exec timeout -k 60 60 "$BPOOL" -j100 --joblog log \
			--events events "$@"
	) &
	# This is opened before the events are.
	until [ -e log.running ]; do
		kill -0 $!
		sleep 0.05
	done
}
begin touch ::: ran
kill -TERM $!
rc=0
wait $! || rc=$?
[ $rc = 143 ]
rc=0
(
	ulimit -Sn 64
	exec timeout -s KILL 60 "$BPOOL" -j100 --deadline 0.1 --events events \
		touch ::: ran 2>err
) || rc=$?
[ $rc = 124 ]
grep '^bpool: --deadline: ' err
[ ! -e ran ]
begin echo ::: a >out
cat events >got
wait $!
[ "$(cat out)" = a ]
grep '"event":"summary",.*"succeeded":1' got
