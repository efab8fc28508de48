# SPDX-License-Identifier: MIT
# It was there at the start, and is gone when its turn comes.
set -eu
mkfifo a
echo 'echo b' >b
(
	rc=0
	"$BPOOL" -a a -a b >out 2>err || rc=$?
	echo $rc >rc
) &
exec 3>a
echo 'echo a; rm b' >&3
while [ -e b ]; do sleep 0.01; done
exec 3>&-
wait
[ "$(cat rc)" = 1 ]
echo a | cmp - out
grep '^bpool: b: No such file' err
