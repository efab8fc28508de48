# SPDX-License-Identifier: MIT
# Every option of each --help stands in bpool-queue(1), in its SYNOPSIS behind the same
# word too, and the other way round.
set -eu
QUEUE=$BUILD/bpool-queue
man=$SRC/docs/man/bpool-queue.1
same() { # WHAT ONE OTHER: two sorted lists
	[ -s "$2" ]
	cmp -s "$2" "$3" || { echo "$1"; diff "$2" "$3"; exit 1; }
}
# "  -j, --jobs=N   text": the names.
names() {
	grep -E '^ +-' | sed -E 's/^ +//; s/  .*//; s/, /\n/' | sed 's/\[*=.*//'
}
# ".It Fl j Ar n , Fl -jobs Ns = Ns Ar n": the words after each Fl.
flags() {
	awk '{ for (i = 1; i < NF; i++)
		if ($i == "Fl" || $i == ".Fl")
			print "-" $(i + 1) }'
}
"$QUEUE" --help | sed -n 's/.* bpool-queue \([a-z ]*[a-z]\)  *--.*/\1/p' >words
[ "$(wc -l <words)" -ge 10 ]
: >all
while read -r word; do
	# shellcheck disable=SC2086 # "dlq list" are two
	"$QUEUE" $word --help >help
	[ "$(awk 'length > 79' help)" = '' ]
	grep "^Usage: bpool-queue $word  *--" help
	names <help >>all
	# By its short name if it has one; help, where the server is and who this is to it
	# are understood.
	grep -E '^ +-' help | sed -E 's/^ +//; s/[ ,=[].*//' |
		grep -vxE -e '-[hV]|--(nats|user|password-file|creds|nkey|nkey-seed)' \
			-e '--(tls|ca|cert|key|inbox)' | sort >help.synopsis
	sed '/^\.Sh DESC/,$d' "$man" |
		awk '/^\.Nm/ { on = 0 } /^\.Cm / { on = substr($0, 5) == "'"$word"'" } on' | flags |
		grep -vx -- -- | grep -vx -e '-.Op' |
		sed '/^--/!{s/^-//;s/./-&\n/g}' | grep . | grep -vx -e - |
		sort -u >man.synopsis
	same "$word" help.synopsis man.synopsis
done <words
sort -u all >help.options
awk '/^\.Ss Options/ { on = 1 } /^\.Sh ENV/ { on = 0 } on' "$man" |
	grep '^\.It' | flags | sort >man.options
same 'options' help.options man.options
