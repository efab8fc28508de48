# SPDX-License-Identifier: MIT
# With the number of the line, and nothing of it changes.
set -eu
echo true >in
"$BPOOL" --joblog whole <in
refused() { # FILE LINE
	cp "$1" before
	rc=0
	"$BPOOL" --joblog "$1" --resume <in 2>err || rc=$?
	[ $rc = 1 ]
	[ "$(cat err)" = "bpool: $1: line $2: this is no job log" ]
	cmp "$1" before
}
printf 'one\ntwo\n' >text
refused text 1
printf 'no newline' >text
refused text 1
{ cat whole; echo 'a remark'; } >text
refused text 3
tail -n +2 whole >text
refused text 1
cat whole whole >text
refused text 3
mkdir directory
mkfifo fifo
for odd in directory fifo /dev/null; do
	rc=0
	"$BPOOL" --joblog "$odd" <in 2>err || rc=$?
	[ $rc = 1 ]
	grep "^bpool: $odd: " err
done
