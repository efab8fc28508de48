# SPDX-License-Identifier: MIT
# So that no value of the input drives the terminal, nor what is quoted of the
# command line; UTF-8 stays readable.
set -eu
printf 'a\033[31m\377\302\233\303\244\177\n' >in
"$BPOOL" sh -c 'exit 1' bpool <in 2>err && exit 1
[ -z "$(LC_ALL=C tr -d "\n" <err | LC_ALL=C tr -dc "\001-\037\177\233\377")" ] || {
	cat -v err
	exit 1
}
grep 'ä' err
odd=$(printf 'a\033[31m\a\n\302\233\377b')
refused() {
	"$BPOOL" "$@" </dev/null 2>err && exit 1
	[ "$(wc -l <err)" = 1 ]
	[ -z "$(LC_ALL=C tr -d "\n" <err |
		LC_ALL=C tr -dc "\001-\037\177\233\377")" ] || {
		cat -v err
		exit 1
	}
	grep -F 'a\x1b[31m\x07\n\xc2\x9b\xffb' err
}
refused "sh -c {} $odd"
refused "echo '{}' $odd"
refused echo "$odd{}" ::: 1 ::: 2
for option in --jobs --max-args --delimiter --replace --colsep --color \
	--deadline --delay --halt --jobserver --kill-after --limit --load \
	--memfree --timeout --events --joblog --results --odd; do
	refused "$option=/nowhere/($odd" true
done
