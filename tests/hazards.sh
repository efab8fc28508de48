# SPDX-License-Identifier: MIT
# Each row of the hazards in docs/DESIGN.md has a test, and that is there.
set -eu
sed -n '/^## Hazards/,/^## The command/p' "$SRC/docs/DESIGN.md" |
	grep '^| [^-]' | sed 1d >rows
[ "$(wc -l <rows)" -ge 27 ]
sed 's/^.*| \([^|]*\) |$/\1/; s/; /\n/g' rows | sed 's/^race: //' >tests
[ "$(wc -l <tests)" -ge "$(wc -l <rows)" ]

there() { # TEST
	case $1 in
	'order: '*) grep -qF "{ \"${1#*: }\"," "$SRC"/tests/explore/*.c ;;
	'mutant: '*) grep -qF "mutant '${1#*: }'" "$SRC/tests/explore/mutants" ;;
	'torture: library') [ -f "$SRC/tests/torture/library.c" ] ;;
	'check_'*': '*)
		grep -qF "START_TEST(${1#*: })" "$SRC/tests/${1%%: *}.c"
		;;
	'tests/'*) [ -f "$SRC/$1" ] ;;
	*) return 1 ;;
	esac
}
missing=0
while read -r test; do
	there "$test" || { echo "not there: $test" && missing=1; }
done <tests
[ $missing = 0 ]
