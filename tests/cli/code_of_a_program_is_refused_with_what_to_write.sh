# SPDX-License-Identifier: MIT
# To each kind of program what it takes, and to awk nothing of sed.
set -eu
told() { # WHAT COMMAND...
	want=$1
	shift
	rc=0
	echo x | "$BPOOL" "$@" >out 2>err || rc=$?
	[ $rc = 2 ]
	[ ! -s out ]
	[ "$(cat err)" = "bpool: $1: would run {} as code; $want" ] || { cat err; exit 1; }
}
told 'hand it over as data: awk -v x={} ...' awk '{}' file
told 'hand it over as data: awk -v x={} ...' mawk '{}' file
told 'sed --sandbox ... runs none' sed 's/a/{}/' file
told "hand it over as an argument, as in: sh -c 'echo \"\$1\"' sh {}" bash -c 'echo {}'
[ "$(echo x | "$BPOOL" awk -v x={} 'BEGIN { print x }')" = x ]
