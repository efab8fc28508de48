#!/bin/sh
# SPDX-License-Identifier: MIT
# Of docs/coming-from.md: each program in Python and the one in C below it print the
# same.
set -u
. "$SRC/tests/page.sh"
page_needs python3
page_steps "$SRC/docs/coming-from.md" steps '## From Python'
failed=0 pairs=0 python=
for step in steps/*; do
	case $step in
	*.py)
		python=$step
		continue
		;;
	*.c) ;;
	*) continue ;;
	esac
	pairs=$((pairs + 1))
	number=${step##*/}
	# shellcheck disable=SC2046 # several words
	cc -o pair "$step" $(pkg-config --cflags --libs boundpool) || {
		echo "from_python: line ${number%.c} does not compile" >&2
		failed=1
		continue
	}
	python3 "${python:-/dev/null}" >by_python || failed=1
	./pair >by_c || failed=1
	[ -s by_python ] || failed=1
	cmp -s by_python by_c || {
		echo "from_python: line ${number%.c}: by Python and by C:" >&2
		diff by_python by_c >&2
		failed=1
	}
	python=
done
[ $pairs -ge 8 ] || {
	echo "from_python: only $pairs pairs" >&2
	failed=1
}
exit $failed
