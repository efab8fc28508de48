# SPDX-License-Identifier: MIT
set -eu
trap '' PIPE
mkfifo out
(
	rc=0
	echo 'while [ ! -e gone ]; do sleep 0.01; done; echo x' |
		"$BPOOL" >out 2>err || rc=$?
	echo $rc >rc
) &
exec 3<out
exec 3<&-
: >gone
wait
[ "$(cat rc)" = 1 ]
grep '^bpool: stdout: Broken pipe' err
