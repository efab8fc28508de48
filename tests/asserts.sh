#!/bin/sh
# SPDX-License-Identifier: MIT
# Under `set -e` neither `! command` nor the left side of `a && b` ends a test:
# such a line would assert nothing.  `! command || exit 1`, and two lines, do.
cd "$(dirname "$0")" || exit 1

bad=$(grep -nE '^[[:space:]]*! ' cli/*.sh queue/*.sh cluster/*.sh examples/*.sh chaos/scenarios/*.sh ./*.sh |
	grep -vE '\|\||; (do|then)$|\\$'
	grep -nE '^[[:space:]]*\[ .*\] && (\[|grep|cmp) ' cli/*.sh queue/*.sh cluster/*.sh chaos/scenarios/*.sh ./*.sh |
		grep -vF ' {%} ')
[ -z "$bad" ] && echo 'asserts: each line of a test may fail it' && exit
echo "$bad"
echo 'asserts: these lines assert nothing' >&2
exit 1
