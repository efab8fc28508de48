# SPDX-License-Identifier: MIT
# Log, events and results can be read by nobody else whatever the umask, and none
# goes where a symbolic link leads that was left in its place.
set -eu
umask 0
modes() { # FILE...: those that others may touch
	find "$@" -perm /077
}
"$BPOOL" --joblog log --events events --results results 'ls log.running; : {}' \
	::: a >out
[ -s log ]
[ -s events ]
[ -s results/1-a/meta.json ]
[ "$(cat out)" = log.running ]
[ "$(modes log events results)" = '' ]
# The one beside the log, while it is there.
"$BPOOL" --joblog log 'find log.running -perm /077; : {}' ::: a >out
[ ! -s out ]
# What was there keeps its own.
chmod 644 log
"$BPOOL" --joblog log --resume true ::: a
[ "$(stat -c %a log)" = 644 ]

refused() { # MESSAGE OPTION...
	message=$1 rc=0
	shift
	echo kept >theirs
	"$BPOOL" "$@" touch ::: ran 2>err || rc=$?
	[ $rc = 1 ]
	grep "^bpool: .*$message" err
	[ "$(cat theirs)" = kept ]
}
ln -s theirs link
refused 'link: is a symbolic link' --joblog link
refused 'link: is a symbolic link' --joblog link --resume
refused '--events link: is a symbolic link' --events link
[ ! -e ran ]
mkdir -p trap/1-ran
ln -s ../../theirs trap/1-ran/stdout
refused '--results: .*symbolic link' --results trap
ln -sf ../theirs log.running
rm -f log.running
ln -s theirs log.running
refused 'log.running: ' --joblog log
# Those of the system are followed.
"$BPOOL" --events /dev/stderr true ::: a 2>err
grep '"event":"summary"' err
