# SPDX-License-Identifier: MIT
# USR2 is one fewer at once, down to one, and USR1 one more, up to what -j says.
# What runs is left alone; a job does not get them.
set -eu
. "$SRC/tests/process.sh"
seq 12 >in
# Each says that it is there and waits for its turn.
"$BPOOL" -j3 -a in --events events 'echo {} >>log; until [ -e go.{} ]; do sleep 0.02; done
	echo {} >>ended' &
pid=$!
lines() { # FILE N: until there are so many
	until [ -e "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]; do sleep 0.01; done
}
ended=0
let_go() { # N, those that came first
	n=0
	while [ $n -lt "$1" ]; do
		n=$((n + 1))
		ended=$((ended + 1))
		: >go.$ended
	done
	lines ended $ended
}
lines log 3
# One after the other, for two of the same that wait are one; below one it is not told.
slots() { # HOW N
	kill -"$1" $pid
	signal_read $pid 0xa00
	until [ "$(sed -n 's/.*"limit":\([0-9]*\)}$/\1/p' events | tail -n 1)" = "$2" ]; do
		sleep 0.01
	done
}
slots USR2 2
slots USR2 1
slots USR2 1
slots USR2 1
# Three run; while there are more than one, none follows.
let_go 2
sleep 0.3
[ "$(wc -l <log)" = 3 ]
let_go 1
lines log 4
sleep 0.3
[ "$(wc -l <log)" = 4 ]
slots USR1 2
lines log 5
slots USR1 3
lines log 6
slots USR1 3
sleep 0.3
[ "$(wc -l <log)" = 6 ]
let_go 9
rc=0
wait $pid || rc=$?
[ $rc = 0 ]
[ "$(sort -n log)" = "$(cat in)" ]
[ "$(grep -c '"event":"limit"' events)" = 4 ]
# Who ignores them ignores them.
trap '' USR1
echo 'kill -USR1 $PPID; kill -USR1 $$; echo lives' | "$BPOOL" >out
[ "$(cat out)" = lives ]
