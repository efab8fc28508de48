#!/bin/sh
# SPDX-License-Identifier: MIT
# Each page of the library has a program in its EXAMPLES, a whole one, that
# compiles without a warning and does what the page shows: each "$ " line, run
# with sh where the program is, prints what stands below it, stdout and stderr
# together.  That of boundpool(3) is the quickstart.
set -u
failed=0

fail() {
	echo "manual: $*" >&2
	failed=1
}

# "This is .Pa NAME.c :" comes before a program; a display that begins with
# "$ " is what is typed then.  \e and \& are mdoc's.
extract() { # PAGE: to NAME.c, shown
	awk '/^\.Sh/ { examples = /EXAMPLES/ }
		!examples { next }
		/^\.Pa [a-z]*\.c/ { name = $2 }
		/^\.Ed/ { inside = 0 }
		inside {
			sub(/^\\&/, "")
			gsub(/\\e/, "\\")
			if (inside == 1)
				to = /^\$ / ? "shown" : name
			inside = 2
			print >to
		}
		/^\.Bd -literal/ { inside = 1 }' "$1"
	awk '/^\$ / { n++; print substr($0, 3) >(n ".command"); next }
		{ print >(n ".expected") }
		END { print n + 0 >"commands.n" }' shown
}

for page in "$SRC"/docs/man/*.3; do
	of=$(basename "$page" .3)
	mkdir "$of"
	cd "$of" || exit 1
	extract "$page"
	for program in *.c; do
		# shellcheck disable=SC2086 # CC may be of several words
		${CC:-cc} -Wall -Wextra -Werror -std=c11 -D_GNU_SOURCE -pthread \
			${SAN:+"-fsanitize=$SAN"} -I"$SRC/include" \
			-o "${program%.c}" "$program" "$BUILD/libboundpool.a" ||
			fail "$of(3): its $program does not compile"
	done
	count=$(cat commands.n)
	[ "$count" -gt 0 ] || fail "$of(3): shows no command"
	# In one shell, for one may wait for what another began.
	n=1
	while [ $n -le "$count" ]; do
		touch $n.expected
		printf '{ %s\n} >%s.got 2>&1\n' "$(cat $n.command)" $n
		n=$((n + 1))
	done >commands
	timeout 120 sh commands
	while [ $((n -= 1)) -gt 0 ]; do
		touch $n.got
		cmp -s $n.expected $n.got || {
			fail "$of(3): $(cat $n.command)"
			diff $n.expected $n.got >&2
		}
	done
	cd ..
done

# But for the comment on its top.
sed 1,2d "$SRC/docs/examples/quickstart.c" |
	cmp - boundpool/quickstart.c ||
	fail 'boundpool(3): the listing is not docs/examples/quickstart.c'
exit $failed
