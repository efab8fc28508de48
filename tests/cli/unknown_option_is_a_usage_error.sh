# SPDX-License-Identifier: MIT
set -eu
for option in -x -kx --nosuch --jobsx --job --=x ---; do
	rc=0
	echo true | "$BPOOL" $option >out 2>err || rc=$?
	[ $rc = 2 ] || { echo "$option: status $rc"; exit 1; }
	grep '^bpool: -.*no such option (see bpool --help)$' err
	[ ! -s out ]
done
for option in -j --jobs -a --arg-file --shell -kj; do
	rc=0
	"$BPOOL" $option </dev/null 2>err || rc=$?
	[ $rc = 2 ]
	grep 'needs an argument' err
done
