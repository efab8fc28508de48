# SPDX-License-Identifier: MIT
set -eu
rc=0
echo 'echo lost >&2' | "$BPOOL" 2>&- || rc=$?
[ $rc = 1 ]
rc=0
echo 'echo fine' | "$BPOOL" >out 2>&- || rc=$?
[ $rc = 0 ]
echo fine | cmp - out
