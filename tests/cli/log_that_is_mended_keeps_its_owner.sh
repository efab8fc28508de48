# SPDX-License-Identifier: MIT
# Also when root mends it: its owner writes it next.
set -eu
[ "$(id -u)" = 0 ] || { echo "no other user to be"; exit 77; }
"$BPOOL" --joblog log ::: true
chown 2047483000:2047483001 log 2>/dev/null || {
	echo "cannot be another user"
	exit 77
}
chmod 640 log
printf '2\t:\t1' >>log
"$BPOOL" --joblog log --resume ::: true 2>err
grep '^bpool: log: 1 damaged records' err
[ "$(stat -c '%u:%g %a' log)" = '2047483000:2047483001 640' ]
