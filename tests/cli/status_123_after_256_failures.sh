# SPDX-License-Identifier: MIT
set -eu
rc=0
seq 256 | "$BPOOL" -q -j4 false || rc=$?
[ $rc = 123 ]
