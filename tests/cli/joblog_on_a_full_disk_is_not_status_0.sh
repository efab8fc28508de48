# SPDX-License-Identifier: MIT
# What cannot be logged is told, nothing more starts, and no part of a record
# stays; the rest runs when it is resumed.
set -eu
yes 'echo out' | head -n 200 >in
rc=0
sh -c 'ulimit -f 1; exec "$BPOOL" -j1 --joblog log <in 2>err >/dev/null' ||
	rc=$?
[ $rc = 1 ]
grep '^bpool: log: .*: no more jobs start$' err
[ "$(tail -c 1 log | wc -l)" = 1 ]
n=$(tail -n +2 log | wc -l)
[ "$n" -lt 100 ]
[ "$n" -gt 3 ]
"$BPOOL" --joblog log --resume <in >out
[ "$(wc -l <log)" = 201 ]
[ "$(wc -l <out)" = $((200 - n)) ]
