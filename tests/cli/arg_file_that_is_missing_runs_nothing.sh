# SPDX-License-Identifier: MIT
set -eu
echo one >a
rc=0
"$BPOOL" -a a -a nosuch touch <a 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: nosuch: No such file' err
[ ! -e one ]
