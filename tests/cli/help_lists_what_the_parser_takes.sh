# SPDX-License-Identifier: MIT
# Every short option has a long one; every one in the help is accepted, with
# an argument where the help says so.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
"$BPOOL" --help >help
"$BPOOL" -h | cmp help -
grep '^Usage: bpool ' help
[ "$(awk 'length > 79' help)" = '' ]
grep -E '^  (-.,|   ) --' help >options
[ "$(wc -l <options)" = "$(grep -cE '^ *-' help)" ]
while read -r a b _; do
	case "$a $b" in
	*'[='*)
		long=${a%\[*}
		arg=x
		case $a in *STYLE*) arg=fifo ;; esac
		"$BPOOL" $long true </dev/null
		"$BPOOL" $long=$arg true </dev/null
		continue
		;;
	esac
	case $a in
	--*) long=${a%%=*} short= ;;
	*) long=${b%=*} short=${a%,} ;;
	esac
	case "$a $b" in
	*=NAME=N*) arg=$name=3 ;;
	*=NAME*) arg=$name ;;
	*=N*) arg=3 ;;
	*=FILE*) arg=- ;;
	*=CHAR* | *=REGEX*) arg=, ;;
	*=STR*) arg=@ ;;
	*=DIR*) arg=. ;;
	*=TIME*) arg=1m ;;
	*=SIZE*) arg=1K ;;
	*=PATH*) arg=/bin/sh ;;
	*=WHEN*) arg=never ;;
	*=HALT*) arg=soon,fail=1 ;;
	*=RATE*) arg=3/s ;;
	*=BASE*) arg=1s..2s ;;
	*=LIST*) arg=7,signal ;;
	*=BUDGET*) arg=none ;;
	*=TEXT*) arg={} ;;
	*) arg= ;;
	esac
	case $long in
	--resume* | --retry-failed | --no-wait)
		continue # these need a log
		;;
	--key | --key-host)
		"$BPOOL" $long $arg --per-key 1 true </dev/null
		continue
		;;
	--per-key | --key-rate)
		"$BPOOL" --key-host $long $arg true </dev/null
		continue
		;;
	--backoff | --retry-on | --retry-budget | --all-attempts)
		"$BPOOL" --retries 2 $long $arg true </dev/null
		continue
		;;
	--from) # what is run
		"$BPOOL" --report page $long $arg </dev/null
		continue
		;;
	--tty) # there may be none
		"$BPOOL" --dry-run --tty true </dev/null
		continue
		;;
	esac
	for option in $long $short; do
		"$BPOOL" $option $arg true </dev/null >/dev/null
	done
	if [ -n "$arg" ]; then
		"$BPOOL" $long=$arg true </dev/null
		"$BPOOL" $long 2>/dev/null && exit 1
	else
		"$BPOOL" $long=x </dev/null 2>err && exit 1
		grep -e "$long=x: takes no argument" err
	fi
done <options
for option in -j -k -0 -a -u -q -v -h -V --jobs --keep-order --null \
	--arg-file --dry-run --quiet --verbose --ungroup --keep-cr --shell \
	--help --version; do
	grep -qe "^ *$option[,= ]" -e "^ *-., $option[= ]" options
done
