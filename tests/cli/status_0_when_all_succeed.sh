# SPDX-License-Identifier: MIT
set -eu
rc=0
printf 'true\ntrue\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 0 ]
[ ! -s err ]
