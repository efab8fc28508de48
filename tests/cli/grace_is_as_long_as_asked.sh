# SPDX-License-Identifier: MIT
# The job ignores the signal and counts seconds: it must not see 9 of them.
set -eu
cat >in <<'E'
trap '' TERM; kill -TERM $PPID; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done; : >survived
E
rc=0
"$BPOOL" --kill-after=0.1 -a in || rc=$?
[ $rc = 143 ]
[ ! -e survived ]
