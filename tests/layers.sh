#!/bin/sh
# SPDX-License-Identifier: MIT
# The layers of docs/DESIGN.md, held: a file of lib/ or tools/bpool/ includes
# its own header and headers of strictly lower layers there; nobody outside
# lib/ includes one of lib's.
cd "$(dirname "$0")/.." || exit 1

lib_layer() {
	case $1 in
	boundpool) echo -1 ;;
	bug) echo 0 ;;
	clock | list | ring | call | options) echo 1 ;;
	sem) echo 2 ;;
	state) echo 3 ;;
	sleep) echo 4 ;;
	job) echo 5 ;;
	run) echo 6 ;;
	submit | worker) echo 7 ;;
	pool | query | future) echo 8 ;;
	group) echo 9 ;;
	map) echo 10 ;;
	*) echo unknown ;;
	esac
}

bpool_layer() {
	case $1 in
	boundpool) echo -1 ;;
	clock | cpus | fds | filename | halt | histogram | io) echo 0 ;;
	limit | orphans | placeholder | plain | record | sources | text) echo 0 ;;
	units | utf8 | words) echo 0 ;;
	filling | json | mark | message | shellword) echo 1 ;;
	ending | environment | lines | options | programs) echo 2 ;;
	ownfile | sessions | spool) echo 2 ;;
	capture | input | interpreter | joblog | results) echo 3 ;;
	roster | semaphore | stopstate | tally | waiting) echo 3 ;;
	become | codeword | events | logread | shares) echo 4 ;;
	stop | stopper) echo 4 ;;
	gate | report | resume | shellcommand) echo 5 ;;
	journals | shellscan) echo 6 ;;
	shelltext) echo 7 ;;
	template) echo 8 ;;
	agenda | spawn) echo 9 ;;
	dryrun | job) echo 10 ;;
	observe | start) echo 11 ;;
	expire | verdict) echo 12 ;;
	execute) echo 13 ;;
	run) echo 14 ;;
	main) echo 15 ;;
	*) echo unknown ;;
	esac
}

includes() {
	sed -n 's/^#include [<"]\([a-z0-9_]*\)\.h[">].*/\1/p' "$1"
}

bad=0
complain() {
	echo "layers: $1" >&2
	bad=$((bad + 1))
}

# held DIRECTORY LAYER: every file there includes what is below it.
held() {
	for file in "$1"/*.[ch]; do
		own=$(basename "$file")
		own=${own%.*}
		mine=$($2 "$own")
		[ "$mine" != unknown ] || complain "$file: has no layer here"
		for other in $(includes "$file"); do
			[ "$other" != "$own" ] && [ -f "$1/$other.h" ] ||
				continue
			theirs=$($2 "$other")
			[ "$theirs" = unknown ] || [ "$mine" = unknown ] ||
				[ "$theirs" -lt "$mine" ] ||
				complain "$file includes $other.h, no lower"
		done
	done
}

# What includes() would not see: a path, a macro, blanks in other places.
for file in $(find lib include tools docs/examples -name '*.[ch]'); do
	odd=$(grep '^[ 	]*#[ 	]*include' "$file" |
		grep -v -e '^#include "[a-z0-9_]*\.h"$' \
			-e '^#include <[a-z]*/*[a-z0-9_]*\.h>$')
	[ -z "$odd" ] || complain "$file: $odd: write #include \"name.h\""
done
held lib lib_layer
held tools/bpool bpool_layer
for file in $(find tools docs/examples -name '*.[ch]'); do
	for other in $(includes "$file"); do
		[ ! -f "lib/$other.h" ] ||
			[ -f "$(dirname "$file")/$other.h" ] ||
			complain "$file includes lib's $other.h"
	done
done
[ $bad -eq 0 ] && echo 'layers: held'
