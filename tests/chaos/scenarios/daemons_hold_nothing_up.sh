# SPDX-License-Identifier: MIT
# What jobs that have ended leave behind, in all ways: they live on, the run ends
# without them, and what the jobs printed is there.
. "$SRC/tests/chaos/common.sh"
JOBS=40

# With the job's outputs open or not.
cat >daemon <<'E'
case $2 in
open) exec 3>&1 ;;
closed) exec 3>/dev/null 2>&1 ;;
esac
live='echo $$ >"$0"; exec sleep 1000'
case $1 in
child) sh -c "$live" pid.$3 >&3 & ;;
deaf) (trap '' TERM; exec sh -c "$live" pid.$3 >&3) & ;;
session) setsid sh -c "$live" pid.$3 >&3 & ;;
twice) (setsid sh -c 'sh -c "$1" "$0" & :' pid.$3 "$live" >&3 &) ;;
cleared) (env -i PATH="$PATH" setsid sh -c "$live" pid.$3 >&3 &) ;;
nohup) nohup sh -c "$live" pid.$3 >&3 & ;;
esac
until [ -s pid.$3 ]; do sleep 0.01; done
echo "job $3"
E
n=0
while [ $n -lt $JOBS ]; do
	n=$((n + 1))
	pick child deaf session twice cleared nohup
	kind=$R
	pick open closed closed
	echo "sh daemon $kind $R $n"
done >in
before=$(uptime_ms)
bpool -k -j8 -a in >out 2>err || fail "status $?: $(cat err)"
took=$(($(uptime_ms) - before))
[ $took -lt 60000 ] || fail "it took $took ms"
seq $JOBS | sed 's/^/job /' | cmp - out
[ "$(cut -d ' ' -f 3 in | sort -u | wc -l)" = 6 ] || fail 'not all kinds'

# Each is there, until it is killed here.
[ "$(cat pid.* | wc -l)" = $JOBS ] || fail "$(cat pid.* | wc -l) daemons"
for pid in $(cat pid.*); do
	read -r name <"/proc/$pid/comm" || fail "$pid has gone: $(grep -l "^$pid$" pid.*)"
	[ "$name" = sleep ] || fail "$pid is $name"
	kill -KILL "$pid"
done
echo "$JOBS daemons in $took ms"
