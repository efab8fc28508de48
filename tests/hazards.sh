# SPDX-License-Identifier: MIT
# Each hazard in docs/DESIGN.md and each promise in docs/TESTING.md has a test, and
# that is there.
set -eu

# rows FILE FROM TO: of the table between the two headings.
rows() {
	sed -n "/^## $2/,/^## $3/p" "$SRC/docs/$1" | grep '^| [^-]' | sed 1d
}
rows DESIGN.md Hazards 'The command' >rows
[ "$(wc -l <rows)" -ge 27 ]
rows TESTING.md 'What README promises' 'Every order' >promises
[ "$(wc -l <promises)" -ge 19 ]
cat promises >>rows
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
	'chaos: '*) [ -f "$SRC/tests/chaos/scenarios/${1#*: }.sh" ] ;;
	'fuzz: '*) [ -f "$SRC/tests/fuzz/${1#*: }.c" ] ;;
	'tests/'*) [ -f "$SRC/$1" ] ;;
	*) [ -f "$SRC/tests/cli/$1.sh" ] || [ -f "$SRC/tests/examples/$1.sh" ] ;;
	esac
}
missing=0
while read -r test; do
	there "$test" || { echo "not there: $test" && missing=1; }
done <tests
[ $missing = 0 ]
