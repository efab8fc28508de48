#!/bin/sh
# SPDX-License-Identifier: MIT
# Every option of bpool --help stands in bpool(1), in its SYNOPSIS too, and
# the other way round; all pages are without a mistake in mandoc's eyes.
set -u
man=$SRC/docs/man
failed=0

same() { # WHAT ONE OTHER: two sorted lists
	[ -s "$2" ] && cmp -s "$2" "$3" && return
	echo "manual: $1 (< $2, > $3):" >&2
	diff "$2" "$3" >&2
	failed=1
}

"$BPOOL" --help >help || {
	echo "manual: bpool --help: exit status $?" >&2
	exit 1
}

# "  -j, --jobs=N   text": the names, as they are written.
grep -E '^ +-' help | sed -E 's/^ +//; s/  .*//; s/, /\n/' |
	sed 's/\[*=.*//' | sort >help.options

# ".It Fl j Ar n , Fl -jobs Ns = Ns Ar n": the words after each Fl.
flags() {
	awk '{ for (i = 1; i < NF; i++)
		if ($i == "Fl" || $i == ".Fl")
			print "-" $(i + 1) }'
}
awk '/^\.Ss Options/ { on = 1 } /^\.Sh ENV/ { on = 0 } on' "$man/bpool.1" |
	grep '^\.It' | flags | sort >man.options
same "options of --help and of bpool(1)" help.options man.options

# In the first form of the SYNOPSIS an option stands once, by its short name
# if it has one; the second, --sem, takes some of those too.
grep -E '^ +-' help | sed -E 's/^ +//; s/[ ,=[].*//' | sort >help.synopsis
awk '/^\.Sh SYN/ { on = 1 } /^\.Sh DESC/ { on = 0 } on' "$man/bpool.1" |
	awk '/^\.Nm/ { form++ } form != 2 || !/^\.Op Fl j /' |
	flags | sed '/^--/!{s/^-//;s/./-&\n/g}' | grep . | sort >man.synopsis
same "options of --help and of the SYNOPSIS" help.synopsis man.synopsis

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$man"/*.[13] >&2 || failed=1
else
	echo "manual: mandoc is not here, its opinion was not asked" >&2
fi
exit $failed
