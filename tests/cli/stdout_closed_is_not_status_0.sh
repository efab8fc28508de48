# SPDX-License-Identifier: MIT
# ... and no file that bpool opens is taken for it.
set -eu
echo 'echo x' >in
cp in want
rc=0
"$BPOOL" -a in >&- 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: stdout: Bad file descriptor' err
cmp want in
rc=0
"$BPOOL" --version >&- 2>err || rc=$?
[ $rc = 1 ]
# A job sees what the caller passed on: nothing.
rc=0
echo 'echo x' | "$BPOOL" -u >&- 2>err || rc=$?
[ $rc = 123 ]
