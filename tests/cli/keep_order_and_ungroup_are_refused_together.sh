# SPDX-License-Identifier: MIT
set -eu
rc=0
echo 'echo ran' | "$BPOOL" -k -u >out 2>err || rc=$?
[ $rc = 2 ]
[ ! -s out ]
grep '^bpool: -k -u: ' err
