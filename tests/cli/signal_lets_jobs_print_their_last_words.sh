# SPDX-License-Identifier: MIT
# More than a pipe holds, to a reader that begins when the job is gone.
set -eu
mkfifo out
cat >in <<'S'
trap 'head -c 900000 /dev/zero; echo; echo bye; exit' TERM; echo $$ >pid; kill -TERM $PPID; while :; do sleep 0.01; done
S
(
	rc=0
	"$BPOOL" -k <in >out || rc=$?
	echo $rc >rc
) &
exec 3<out
while [ ! -s pid ]; do sleep 0.01; done
while kill -0 "$(cat pid)" 2>/dev/null &&
	! grep -q '^State:.[ZX]' "/proc/$(cat pid)/status"; do
	sleep 0.01
done
[ "$(tail -n 1 <&3)" = bye ]
wait
[ "$(cat rc)" = 143 ]
