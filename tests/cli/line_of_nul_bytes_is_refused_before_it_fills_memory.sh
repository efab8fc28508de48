# SPDX-License-Identifier: MIT
set -eu
rc=0
"$BPOOL" -a /dev/zero 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: /dev/zero: line 1: has a NUL byte' err
