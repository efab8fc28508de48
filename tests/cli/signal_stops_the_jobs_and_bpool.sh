# SPDX-License-Identifier: MIT
# The same signal to each job, CONT to one that is stopped, no new job, death
# of that signal.  A job sends it: its parent is bpool.
set -eu
cat >wait <<'S'
trap 'echo $sig >got.$1; exit' $sig
echo $$ >pid.$1
[ $1 != stopped ] || kill -STOP $$
while :; do sleep 0.01; done
S
cat >send <<'S'
while [ ! -s pid.one ] || [ ! -s pid.stopped ] ||
	! grep -q '^State:.T' /proc/$(cat pid.stopped)/status; do
	sleep 0.01
done
trap '' $sig
kill -$sig $PPID
while [ ! -e got.one ] || [ ! -e got.stopped ]; do sleep 0.01; done
S
printf 'sh wait one\nsh wait stopped\nsh send\ntouch new\n' >in
for sig in HUP:129 INT:130 QUIT:131 TERM:143; do
	want=${sig#*:}
	sig=${sig%:*}
	export sig
	rm -f got.* pid.*
	rc=0
	"$BPOOL" -j3 <in >out 2>err || rc=$?
	[ $rc = "$want" ] || { echo "$sig: status $rc"; exit 1; }
	[ "$(cat got.one got.stopped)" = "$sig
$sig" ]
	[ ! -e new ]
done
