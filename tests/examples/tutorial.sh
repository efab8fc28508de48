#!/bin/sh
# SPDX-License-Identifier: MIT
# What docs/tutorial.md shows is so: one shell runs its listings one after the other,
# as a reader would who pastes them, and each prints what stands below it.  A listing
# in C is kept under the name in its first line; the commands below compile and run it.
set -u
. "$SRC/tests/page.sh"
page_needs python3 curl git
page=$SRC/docs/tutorial.md

# A difference is told: the test of the test.
printf 'one\n...\nthree ... 3\n' >want
printf 'one\nand\ntwo\nthree is 3\n' >have
page_same want have || exit 1
for other in 'one\nthree is 4\n' 'one\nthree is 3\nfour\n' 'three is 3\n' ''; do
	printf "$other" >have
	if page_same want have; then
		echo "tutorial: the test does not see a difference" >&2
		exit 1
	fi
done

failed=0 run=0 rated=0
page_steps "$page" "$page_top/steps"
mkdir work
cd work || exit 1
trap '[ ! -s "$page_top/work/service.pid" ] ||
	kill "$(cat "$page_top/work/service.pid")" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM
for step in "$page_top"/steps/*.sh "$page_top"/steps/*.c; do
	echo "$step"
done | sort >"$page_top/order"
while read -r step <&9; do
	case $step in
	*.c)
		name=$(sed -n '1s|^/\* \([a-z_]*\.c\): .*|\1|p' "$step")
		cp "$step" "${name:-unnamed.c}"
		continue
		;;
	esac
	. "$step" </dev/null >"$page_top/got" 2>&1 9<&-
	run=$((run + 1))
	page_same "${step%.sh}.expected" "$page_top/got" || {
		number=${step##*/}
		echo "tutorial: line ${number%.sh}: $(cat "$step")" >&2
		diff "${step%.sh}.expected" "$page_top/got" >&2
		failed=1
	}
	# Six starts, no more than two in any second.
	if grep -q -e '--rate ' "$step"; then
		rated=$((rated + 1))
		awk '{ sub(/.* in /, ""); sub(/ s, .*/, "") }
			!/m/ && $0 < 2.5 { exit 1 }' "$page_top/got" || {
			echo "tutorial: --rate: $(cat "$page_top/got")" >&2
			failed=1
		}
	fi
done 9<"$page_top/order"

# All of it ran, and each listing in C was compiled.
shown=$(grep -c -e '^\$ ' -e '^```sh$' "$page")
[ $run = "$shown" ] || {
	echo "tutorial: $run commands of $shown" >&2
	failed=1
}
[ $rated = 1 ] || {
	echo "tutorial: $rated commands with --rate" >&2
	failed=1
}
for listing in *.c; do
	[ -x "${listing%.c}" ] || {
		echo "tutorial: $listing was not compiled" >&2
		failed=1
	}
done
# As in a source tree, where nothing is installed.
ln -s "$SRC/include" ../include
ln -s "$BUILD" ../build
rm -f first
sh -c "$(sed -n 's/^`\(cc .*\)`\.$/\1/p' "$page")" && ./first | grep -q '^12 ' || {
	echo "tutorial: first.c was not compiled in a source tree" >&2
	failed=1
}
cd "$page_top"
exit $failed
