# SPDX-License-Identifier: MIT
set -eu
for option in -x -kx --nosuch --=x ---; do
	rc=0
	echo true | "$BPOOL" $option >out 2>err || rc=$?
	[ $rc = 2 ] || { echo "$option: status $rc"; exit 1; }
	grep '^bpool: -.*no such option (see bpool --help)$' err
	[ ! -s out ]
done
for option in -j --jobs -a --arg-file --shell -kj; do
	rc=0
	"$BPOOL" $option </dev/null 2>err || rc=$?
	[ $rc = 2 ]
	grep 'needs an argument' err
done
# What may be meant is said.
meant() { # OPTION WHAT
	rc=0
	echo true | "$BPOOL" "$1" 2>err || rc=$?
	[ $rc = 2 ]
	[ "$(cat err)" = "bpool: $1: no such option; did you mean $2? (see bpool --help)" ] ||
		{ cat err; exit 1; }
}
meant --jobsx --jobs
meant --job --jobs
meant --jbos --jobs
meant --jobs3 --jobs
meant --time-out --timeout
meant --timeuot=3s --timeout
meant --colour=never --color
meant --keep --keep-order
meant --line-buffered --line-buffer
meant --reties --retries
meant --dryrun --dry-run
meant -P --jobs
meant --max-procs=3 --jobs
meant --bar --progress
meant --keyhost --key-host
meant --perkey=3 --per-key
meant --retrys --retries
# What others have and bpool has not.
missing() { # WORD WHAT
	rc=0
	echo true | "$BPOOL" "$1" 2>err || rc=$?
	[ $rc = 2 ]
	[ "$(cat err)" = "bpool: $1: $2 (see bpool --help)" ] || { cat err; exit 1; }
}
missing -r 'no such option, nor needed: without input nothing runs'
missing --no-run-if-empty 'no such option, nor needed: without input nothing runs'
missing --link 'no such option; write :::+ before the values to pair'
rc=0
"$BPOOL" echo :::: list </dev/null >out 2>err || rc=$?
[ $rc = 2 ]
[ "$(cat err)" = "bpool: '::::': files are read by -a FILE (see bpool --help)" ]
rc=0
"$BPOOL" -a list echo ::: a >out 2>err || rc=$?
[ $rc = 2 ]
[ "$(cat err)" = "bpool: -a: the values stand behind ':::' already (see bpool --help)" ]
# A key that would be one for all.
rc=0
echo x | "$BPOOL" --key '{3}' --per-key 1 echo >out 2>err || rc=$?
[ $rc = 2 ]
[ "$(cat err)" = 'bpool: --key {3}: lines have no columns without -C, -n or :::' ]
# A time that is no time is shown as one.
wrong() { # TIME MESSAGE
	rc=0
	echo true | "$BPOOL" --timeout "$1" 2>err || rc=$?
	[ $rc = 2 ]
	[ "$(cat err)" = "bpool: --timeout $1: not a time$2" ] || { cat err; exit 1; }
}
wrong 5sec '; write 5s'
wrong '5 s' '; write 5s'
wrong '1.5 minutes' '; write 1.5m'
wrong 300msec '; write 300ms'
wrong 300millis '; write 300ms'
wrong 2hours '; write 2h'
wrong 3x ', such as 1.5s, 300ms or 2m'
wrong sec ', such as 1.5s, 300ms or 2m'
wrong 1h30m ', such as 1.5s, 300ms or 2m'
