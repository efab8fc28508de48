# SPDX-License-Identifier: MIT
# What is done is known by its text and how often that came: lines may be
# added, removed and put elsewhere.
set -eu
printf '%s\n' a b a c >first
"$BPOOL" -j1 --joblog log 'echo {}' <first >out
printf '%s\n' new c a a b a new d >second
"$BPOOL" -k --joblog log --resume --dry-run 'echo {}' <second >left
[ "$(cat left)" = "echo new
echo a
echo new
echo d" ]
[ "$(wc -l <log)" = 5 ]
"$BPOOL" -k --joblog log --resume 'echo {}' <second >out
[ "$(tr '\n' ' ' <out)" = 'new a new d ' ]
# Each job has a number of its own in the log.
[ "$(cut -f 1 log | sort | uniq -d)" = '' ]
"$BPOOL" -k --joblog log --resume 'echo {}' <second >out
[ ! -s out ]
# The same values in another directory are other jobs; a run without a log
# to begin with runs all.
mkdir one two
"$BPOOL" -k --joblog dirs --cwd {} 'pwd; : {}' ::: one >out
"$BPOOL" -k --joblog dirs --resume --cwd {} 'pwd; : {}' ::: two one >out
[ "$(cat out)" = "$PWD/two" ]
[ "$("$BPOOL" --dry-run --joblog fresh --resume echo <first | wc -l)" = 4 ]
[ ! -e fresh ]
"$BPOOL" -k --joblog fresh --resume 'echo {}' <first >out
[ "$(tr '\n' ' ' <out)" = 'a b a c ' ]
