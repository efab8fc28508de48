# SPDX-License-Identifier: MIT
set -eu
rc=0
"$BPOOL" echo <&- 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: stdin: Bad file descriptor' err
echo 'cat; echo x' >in
"$BPOOL" -a in <&- >out
echo x | cmp - out
