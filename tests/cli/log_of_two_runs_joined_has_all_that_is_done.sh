# SPDX-License-Identifier: MIT
# `parallel --joblog +log` and cat(1) give each number twice: neither run's
# jobs run again.
set -eu
printf '%s\n' one two three >first
printf '%s\n' four five >second
"$BPOOL" -k --joblog log 'echo {}' <first >out
"$BPOOL" -k --joblog more 'echo {}' <second >out
tail -n +2 more >>log
"$BPOOL" -k --joblog log --resume --dry-run 'echo {}' <first >out
[ ! -s out ]
cat first second >all
echo six >>all
"$BPOOL" -k --joblog log --resume 'echo {}' <all >out
[ "$(cat out)" = six ]
[ "$(tail -n 1 log | cut -f 1)" = 6 ]
