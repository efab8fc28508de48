# SPDX-License-Identifier: MIT
set -eu
for option in --resume --resume-failed --retry-failed; do
	rc=0
	"$BPOOL" $option </dev/null 2>err || rc=$?
	[ $rc = 2 ]
	[ "$(cat err)" = "bpool: $option: needs --joblog (see bpool --help)" ]
done
