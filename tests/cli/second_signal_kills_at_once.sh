# SPDX-License-Identifier: MIT
# The job ignores both and counts seconds: it must not see the grace's end.
set -eu
. "$SRC/tests/process.sh"
cat >in <<'S'
trap '' TERM; echo $$ >pid; kill -TERM $PPID; for i in 1 2 3 4 5 6 7 8; do sleep 1; kill -TERM $PPID; done; : >survived
S
rc=0
"$BPOOL" <in >out 2>err || rc=$?
[ $rc = 143 ]
[ ! -e survived ]
dead "$(cat pid)"
