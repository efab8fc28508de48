# SPDX-License-Identifier: MIT
# Of a list without end, however the output goes.
set -eu
for how in '' -k -u --line-buffer '--tag=x' '-k --line-buffer'; do
	yes 'a line' | {
		rc=0
		"$BPOOL" $how -q -j2 'echo {}; :' 2>err || rc=$?
		echo $rc >rc
	} | head -n 1 >out
	grep 'a line' out
	[ "$(cat rc)" = 141 ] || { echo "$how: status $(cat rc)"; exit 1; }
	[ ! -s err ] || [ "$how" = -u ]
done
