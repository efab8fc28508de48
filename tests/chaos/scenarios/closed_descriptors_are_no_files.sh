# SPDX-License-Identifier: MIT
# stdin, stdout and stderr closed in every combination: what is to be read or written
# there is an error, all else is as ever, and no file that bpool opens is taken for
# them.
. "$SRC/tests/chaos/common.sh"

# Each job prints a word to both, of which no other file may know.
cat >job <<'E'
cat
echo "word out $1"
echo "word err $1" >&2
: >ran.$1
E
seq 5 >values
runs=0
# way CLOSED OPTION...: run with that closed (of "012"), what it gets in out and err.
way() {
	closed=$1
	shift
	rm -rf ran.* dir log events out err got
	: >out
	: >err
	rc=0
	(
		set +x
		exec <values >out 2>err
		case $closed in *0*) exec <&- ;; esac
		case $closed in *1*) exec >&- ;; esac
		case $closed in *2*) exec 2>&- ;; esac
		exec timeout -s KILL 60 "$BPOOL" -j2 "$@" sh job
	) || rc=$?
	runs=$((runs + 1))
	ran=$(find . -name 'ran.?' | wc -l)
	what="closed \"$closed\", $*: status $rc, $ran ran: $(cat err)"
	# What went elsewhere.
	wrong=$(grep -rl word . --include='*' | grep -v -x -e ./job -e ./out \
		-e ./err -e './dir/.*' -e ./events || :)
	[ -z "$wrong" ] || fail "$what; in $wrong"
	# Which have it as the end of an output, and nothing else.
	if [ -e events ] && grep -v '^{"event":"[a-z]*",.*}$' events; then
		fail "$what; in events"
	fi
	seq 5 | cmp - values
}
# whole NAME WORD CLOSED: that output, unless it was closed.
whole() {
	case $3 in
	*$2*) [ ! -s "$1" ] || fail "$what; $1 has something" ;;
	*)
		grep word "$1" | sort >got
		seq 5 | sed "s/^/word $1 /" | cmp - got || fail "$what"
		;;
	esac
}

for closed in '' 0 1 2 01 02 12 012; do
	# Where nothing may be printed, that is an error, and the run is stopped.
	for options in '-a values' '-k -a values --joblog log' \
		'-a values --results dir --events events' '-a values --line-buffer'; do
		# shellcheck disable=SC2086
		way "$closed" $options
		case $closed in
		'' | 0)
			[ $rc = 0 ] || fail "$what"
			[ "$ran" = 5 ] || fail "$what"
			whole out 1 "$closed"
			whole err 2 "$closed"
			;;
		*)
			[ $rc = 1 ] || fail "$what"
			case $closed in
			*2*) ;;
			*) grep -q '^bpool: stdout: Bad file descriptor' err || fail "$what" ;;
			esac
			;;
		esac
		[ ! -e log ] || awk -F '	' 'NF != 9 { exit 1 }' log || fail "$what: $(cat log)"
		if [ -e events ]; then
			grep -v '^{"event":.*}$' events && fail "$what: events"
		fi
	done
	# The lines from stdin.
	way "$closed"
	case $closed in
	*0*)
		[ $rc = 1 ] || fail "$what"
		[ "$ran" = 0 ] || fail "$what"
		;;
	'') [ $rc = 0 ] || fail "$what" ;;
	*) [ $rc = 1 ] || fail "$what" ;;
	esac
	# What is passed through: jobs find it closed, and that is their failure,
	# which they tell in pieces, between those of others.
	way "$closed" -u -a values
	case $closed in
	'' | 0) [ $rc = 0 ] || fail "$what" ;;
	*) [ $rc = 123 ] || [ $rc = 1 ] || [ $rc = 0 ] || fail "$what" ;;
	esac
	[ "$ran" = 5 ] || fail "$what"
	whole out 1 "$closed"
	case $closed in
	*2*) ;;
	*) grep -o 'word err .' err | sort | cut -d ' ' -f 3 | cmp - values || fail "$what" ;;
	esac
done
echo "$runs runs"
