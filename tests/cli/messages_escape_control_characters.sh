# SPDX-License-Identifier: MIT
# So that no value of the input drives the terminal; UTF-8 stays readable.
set -eu
printf 'a\033[31m\377\302\233\303\244\177\n' >in
"$BPOOL" sh -c 'exit 1' bpool <in 2>err && exit 1
[ -z "$(LC_ALL=C tr -d "\n" <err | LC_ALL=C tr -dc "\001-\037\177\233\377")" ] || {
	cat -v err
	exit 1
}
grep 'ä' err
