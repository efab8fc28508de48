#!/bin/sh
# SPDX-License-Identifier: MIT
# Every option of bpool --help stands in bpool(1), in its SYNOPSIS too, and
# the other way round; every function of boundpool.h stands in boundpool(3)
# and the other way round; both pages are without a mistake in mandoc's eyes.
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

# Outside of comments, a name before a parenthesis is a function, or the type
# of one; what the macros make of it is the same functions.
grep -v '^[[:space:]]*/\?\*' "$SRC/include/boundpool.h" |
	grep -oE '\<bpool_[a-z_]+\(' | tr -d '(' | sort -u >header.functions
sed -nE 's/^\.F[no] (bpool_[a-z_]+).*/\1/p' "$man/boundpool.3" |
	sort -u >man.functions
same "functions of boundpool.h and of boundpool(3)" \
	header.functions man.functions
awk '/^\.Sh SYN/ { on = 1 } /^\.Sh DESC/ { on = 0 } on' "$man/boundpool.3" |
	sed -nE 's/^\.F[no] (bpool_[a-z_]+).*/\1/p' | sort >synopsis.functions
same "functions of boundpool.h and of its SYNOPSIS" \
	header.functions synopsis.functions

# Its examples are whole programs: one removes the files it is given and
# fails if one is not there, the other knows what its sum should be.
awk '/^\.Ed/ { on = 0 }
	on { gsub(/\\e/, "\\"); print >("example" n ".c") }
	/^\.Bd -literal/ { on = 1; n++ }' "$man/boundpool.3"
for n in 1 2; do
	# shellcheck disable=SC2086 # CC may be of several words
	${CC:-cc} -std=c11 -D_GNU_SOURCE -pthread -Wall -Wextra -Werror \
		${SAN:+"-fsanitize=$SAN"} -I"$SRC/include" -o example$n \
		example$n.c "$BUILD/libboundpool.a" || {
		echo "manual: boundpool(3): example $n does not compile" >&2
		failed=1
	}
done
touch a b
if ! ./example1 a b || [ -e a ] || [ -e b ] || ./example1 a ||
	[ "$(./example2)" != 285 ]; then
	echo "manual: boundpool(3): the examples do not do what they say" >&2
	failed=1
fi

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$man"/*.[13] >&2 || failed=1
else
	echo "manual: mandoc is not here, its opinion was not asked" >&2
fi
exit $failed
