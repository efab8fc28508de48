# SPDX-License-Identifier: MIT
# Neither after a run nor after one that was killed.
set -eu
seq 3 | "$BPOOL" -k -j3 'head -c 3000000 /dev/zero; : {}' >/dev/null
[ -z "$(ls -A "$TMPDIR")" ]
rc=0
echo 'head -c 3000000 /dev/zero; kill -KILL $PPID' | "$BPOOL" >/dev/null ||
	rc=$?
[ $rc = 137 ]
[ -z "$(ls -A "$TMPDIR")" ]
