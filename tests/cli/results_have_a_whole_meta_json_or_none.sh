# SPDX-License-Identifier: MIT
# Where there is no room for all of it, nothing is left that is no JSON.
set -eu
long=$(head -c 2000 /dev/zero | tr '\0' x)
{
	rc=0
	sh -c 'ulimit -f 1; exec "$BPOOL" --results all true ::: "$@"' sh \
		"$long" b 2>&1 || rc=$?
	echo $rc >rc
} | cat >err
[ "$(cat rc)" = 1 ]
grep '^bpool: job 1: --results: File too large' err
[ "$(cd all/1-x* && echo *)" = 'stderr stdout' ]
[ "$(cd all/2-b && echo *)" = 'meta.json stderr stdout' ]
