# SPDX-License-Identifier: MIT
set -eu
mkdir dir
rc=0
"$BPOOL" -a dir echo 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: dir: Is a directory' err
