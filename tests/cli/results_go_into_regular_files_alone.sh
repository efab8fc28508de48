# SPDX-License-Identifier: MIT
# What else is in their place is refused, and a FIFO without a reader is not
# waited for; the other jobs run.
set -eu
mkdir -p all/1-a all/2-b
mkfifo all/1-a/stderr all/2-b/stdout
exec 8<>all/2-b/stdout # this one has a reader
rc=0
timeout -s KILL 60 "$BPOOL" -k --results all echo ::: a b c >out 2>err || rc=$?
[ $rc = 1 ]
[ "$(cat out)" = c ]
[ "$(cat err)" = "\
bpool: job 1: --results: not a regular file: echo a
bpool: job 2: --results: not a regular file: echo b" ]
[ "$(cat all/3-c/stdout)" = c ]
