# SPDX-License-Identifier: MIT
set -eu
echo data >file
chmod 644 file
rc=0; seq 3 | "$BPOOL" ./file {} 2>err || rc=$?
[ $rc = 126 ]
grep '^bpool: line 2: ./file: Permission denied' err
rc=0; printf './file\n./file x\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 126 ]
rc=0; printf './file\ntrue\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 123 ]
