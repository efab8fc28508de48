# SPDX-License-Identifier: MIT
# With a message; the others run, and what it printed is printed.
set -eu
rc=0
sh -c 'ulimit -f 100; exec "$BPOOL" -k -j1 --results all 2>err |
	{ wc -c; }' >out <<'E2' || rc=$?
head -c 1000000 /dev/zero
echo fine
E2
[ "$(cat out)" = 1000005 ]
grep '^bpool: line 1: --results: File too large' err
[ "$(cat all/2-echo%20fine/stdout)" = fine ]
# Where neither the output nor meta.json can be written it is said once.  (That limit
# ends what is built with a sanitizer before it begins.)
if [ -z "${SAN-}" ]; then
	echo 'echo 1; exit 0' | sh -c '
		ulimit -f 0; "$BPOOL" --results none 2>&1 >/dev/null; echo $?' | cat >out
	[ "$(cat out)" = "bpool: line 1: --results: File too large: echo 1; exit 0
1" ] || { cat out; exit 1; }
fi
rc=0
echo true | "$BPOOL" --results /dev/null/x 2>err || rc=$?
[ $rc = 1 ]
grep -e '^bpool: --results /dev/null/x: ' err
