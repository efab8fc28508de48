#!/bin/sh
# SPDX-License-Identifier: MIT
# What the README shows is so: its listing is the quickstart and compiles, each
# command in a ```console block prints, run with sh in an empty directory,
# what stands below it there, stdout and stderr together.
set -u
readme=$SRC/README.md
PATH=$BUILD:$PATH
failed=0

block() { # LANGUAGE: what stands between its fences
	awk -v fence="\`\`\`$1" '
		$0 == "```" { inside = 0 }
		inside
		$0 == fence { inside = 1 }' "$readme"
}

block c | cmp - "$SRC/docs/examples/quickstart.c" || {
	echo "readme: the listing is not docs/examples/quickstart.c" >&2
	failed=1
}

for command in "make && seq 20 | build/bpool -j 5 'sleep 0.2; echo {}'" \
	'make deps check'; do
	block sh | grep -qxF "$command" || {
		echo "readme: does not show: $command" >&2
		failed=1
	}
done

# Its line for the source tree builds it.  (A sanitized library wants more.)
line=$(block sh | grep '^cc .* build/libboundpool.a$')
mkdir tree tree/build
ln -s "$SRC/include" tree/include
ln -s "$BUILD/libboundpool.a" tree/build/libboundpool.a
block c >tree/quickstart.c
[ -n "${SAN-}" ] || (cd tree && sh -c "${CC:-cc}${line#cc}") || {
	echo "readme: does not build: $line" >&2
	failed=1
}

block console >shown
awk '/^\$ / { n++; print substr($0, 3) >(n ".command"); next }
	{ print >(n ".expected") }
	END { print n + 0 >"count" }' shown
read -r count <count
[ "$count" -gt 0 ] || {
	echo "readme: shows no command" >&2
	failed=1
}
n=1
while [ $n -le "$count" ]; do
	touch $n.expected
	mkdir $n
	(cd $n && timeout 60 sh ../$n.command </dev/null >../$n.got 2>&1)
	cmp -s $n.got $n.expected || {
		echo "readme: $(cat $n.command)" >&2
		diff $n.expected $n.got >&2
		failed=1
	}
	n=$((n + 1))
done
exit $failed
