#!/bin/sh
# SPDX-License-Identifier: MIT
# The layers of docs/DESIGN.md, held: a file of lib/ includes its own header,
# the public one, and headers of strictly lower layers; tools/ and the
# examples include none of lib/.
cd "$(dirname "$0")/.." || exit 1

layer() {
	case $1 in
	boundpool.h) echo -1 ;;
	bug | clock | list | ring | call | options) echo 0 ;;
	sem) echo 1 ;;
	state) echo 2 ;;
	sleep) echo 3 ;;
	job) echo 4 ;;
	run) echo 5 ;;
	submit | worker) echo 6 ;;
	pool | query | future | group) echo 7 ;;
	map) echo 8 ;;
	*) echo unknown ;;
	esac
}

includes() {
	sed -n 's/^#include [<"]\([a-z_]*\)\.h[">].*/\1/p' "$1"
}

bad=0
complain() {
	echo "layers: $1" >&2
	bad=$((bad + 1))
}

for file in lib/*.[ch]; do
	name=$(basename "$file")
	own=${name%.*}
	mine=$(layer "$own")
	[ "$mine" != unknown ] || complain "$file: has no layer here"
	for other in $(includes "$file"); do
		[ -f "lib/$other.h" ] || continue
		[ "$other" != "$own" ] || continue
		if [ "$(layer "$other")" = unknown ] ||
			[ "$(layer "$other")" -ge "$mine" ] &&
			! { [ "$own" = group ] && [ "$other" = future ]; } &&
			! { [ "$mine" = 0 ] && [ "$other" = bug ]; }; then
			complain "$file includes $other.h, which is no lower"
		fi
	done
done
for file in $(find tools docs/examples -name '*.[ch]'); do
	for other in $(includes "$file"); do
		if [ -f "lib/$other.h" ] &&
			! [ -f "$(dirname "$file")/$other.h" ]; then
			complain "$file includes lib's $other.h"
		fi
	done
done
[ $bad -eq 0 ] && echo 'layers: held'
