# SPDX-License-Identifier: MIT
# Wherever it was torn: the job runs again, the others do not, and the log is
# whole afterwards.  So with a record that was damaged in the middle.
set -eu
printf '%s\n' 'echo one' 'echo two' 'echo three' >in
"$BPOOL" -j1 --joblog whole <in >out
size=$(wc -c <whole)
last=$(tail -n 1 whole | wc -c)
for cut in 1 2 $((last / 2)) $((last - 1)); do
	head -c $((size - cut)) whole >log
	chmod 640 log
	"$BPOOL" -j1 --joblog log --resume <in >out 2>err
	[ "$(cat out)" = three ] || { echo "$cut"; cat out; exit 1; }
	grep '^bpool: log: 1 damaged records: taken out' err
	[ "$(cut -f 9 log)" = "$(cut -f 9 whole)" ]
	[ "$(stat -c %a log)" = 640 ]
done
# The header itself.
head -c 20 whole >log
"$BPOOL" -j1 --joblog log --resume <in >out 2>err
[ "$(wc -l <out)" = 3 ]
[ "$(wc -l <log)" = 4 ]
# Half a record, on which the next followed; and one with columns missing.
awk 'NR == 3 { printf "%s", substr($0, 1, 12); next } 1' whole >log
printf '9\t:\t17\n' >>log
"$BPOOL" -j1 --joblog log --resume <in >out 2>err
[ "$(cat out)" = "two
three" ]
grep '2 damaged records' err
[ "$(wc -l <log)" = 4 ]
# One that was torn inside its command is not that of the two together.
printf '%s\n' 'echo one >>ran; exit 3' 'echo two >>ran; exit 3' >in
"$BPOOL" -j1 -q --joblog log <in || :
awk 'NR == 2 { sub(/ >>ran.*/, ""); printf "%s", $0; next } 1' log >torn
rm ran log
"$BPOOL" -j1 -q --joblog torn --retry-failed >out 2>err
[ ! -s out ]
# True with --retry-failed too, which has no input to run them from.
[ "$(cat err)" = \
	'bpool: torn: 1 damaged records: taken out, as if their jobs had never run' ]
[ ! -e ran ]
mv torn log
[ "$(ls)" = "$(printf '%s\n' err in log out whole)" ]
