# SPDX-License-Identifier: MIT
# As `| head -n 1`: the second job runs for ever, the third must not start.
set -eu
cat >in <<'S'
echo one
echo $$ >pid; while [ ! -e gone ]; do sleep 0.01; done; head -c 200000 /dev/zero
while :; do sleep 0.01; done
touch new
S
mkfifo out
(
	rc=0
	"$BPOOL" -j2 <in >out 2>err || rc=$?
	echo $rc >rc
) &
exec 3<out
read -r line <&3
[ "$line" = one ]
exec 3<&-
: >gone
wait
[ "$(cat rc)" = 141 ]
[ ! -s err ]
[ ! -e new ]
