# SPDX-License-Identifier: MIT
# --report holds what --events writes, and is made of that too; what is wrong is said,
# and nothing runs then.
set -eu
printf '%s\n' 'echo "a<b</script>"' 'exit 3' | {
	rc=0
	"$BPOOL" -q --events events --report run.html >out 2>err || rc=$?
	[ $rc = 123 ]
}
"$BPOOL" --from events --report again.html
cmp run.html again.html
"$BPOOL" --report fd:5 --from - <events 5>fd.html
cmp run.html fd.html
[ "$(stat -c %a run.html)" = 600 ]
# No byte of a run is markup, and a page asks for nothing.
[ "$(sed -n '/id="events">$/,$p' run.html | grep -c '<')" = 4 ]
grep 'a\\u003cb\\u003c/script>' run.html >/dev/null
! grep -E '(src|href)="?(http|//)' run.html || exit 1
# Of a bpool that is killed as it writes, the last line is left out.
head -c -1 events >whole
"$BPOOL" --report whole.html --from whole
[ "$(grep -c '^{"event"' whole.html)" = "$(grep -c . events)" ]
head -c -20 events >cut
"$BPOOL" --report cut.html --from cut 2>err
grep '^bpool: --from cut: line [0-9]* is cut off and left out$' err
[ "$(grep -c '^{"event"' cut.html)" = "$(($(grep -c . events) - 1))" ]

# fails STATUS MESSAGE ARGUMENT...
fails() {
	want=$1 message=$2 rc=0
	shift 2
	echo 'touch ran' | "$BPOOL" "$@" 2>err || rc=$?
	grep -F -x "bpool: $message" err || { cat err; exit 1; }
	[ $rc = "$want" ]
}
hint=' (see bpool --help)'
echo '[1]' >list
fails 1 '--from list: line 1 is no event of --events' --report x.html --from list
[ ! -e x.html ]
# What is there stays where nothing can be made in its place.
fails 1 '--from list: line 1 is no event of --events' --report again.html --from list
fails 1 '--from .: Is a directory' --report again.html --from .
cmp run.html again.html
fails 1 '--from none: No such file or directory' --report x.html --from none
fails 1 '--from .: Is a directory' --report x.html --from .
fails 1 '--report /dev/full: No space left on device' --report /dev/full --from events
fails 1 '--report /dev/full: No space left on device' --report /dev/full
fails 1 '--report none/x: No such file or directory' --report none/x
fails 1 '--report fd:77: bpool was not given this descriptor to write to' --report fd:77
fails 1 '--from events: this is the report' --report events --from events
[ -s events ]
fails 1 '--report log: this is the job log' --joblog log --report log
fails 1 '--report both: this is the file of --events' --events both --report both
ln -s run.html link
fails 1 '--report link: is a symbolic link' --report link
fails 2 "--report fd:x: not the number of a descriptor" --report fd:x
fails 2 "--from: needs --report$hint" --from events
fails 2 "--from: takes no other option than --report$hint" --report x --from events -j2
fails 2 "--from: takes no command$hint" --report x --from events true
[ ! -e ran ]
