# SPDX-License-Identifier: MIT
# A value is one word of data, bare, joined to others and in double quotes,
# whichever shell runs the template.
set -eu
printf '%s\0' '$(touch CANARY)' '`touch CANARY`' '; touch CANARY' "it's" \
	'a "b"' '*' '~' '-n' '\' '{}' '$1' '' ' two  blanks ' 'two
lines' >values
printf '\377\376\0' >>values
count=$(tr -cd '\0' <values | wc -c)
for shell in /bin/sh /bin/bash; do
	[ -x "$shell" ] || continue
	for template in "printf '%s\0' {}" "printf '%s\0' \"{}\"" \
		"printf '%s\0'" "set -- a b; printf '%s\0' {}" \
		"if :; then (printf '%s\0' {}); fi" \
		"x={}; printf '%s\0' \"\$x\"" \
		"sh -c 'printf \"%s\\0\" \"\$1\"' sh {}"; do
		"$BPOOL" --shell "$shell" -k0 "$template" <values >out
		cmp values out
	done
	"$BPOOL" --shell "$shell" -k0 "printf '<%s>' a{}b{}" <values >out
	[ "$(tr -cd '<' <out | wc -c)" = "$count" ]
done
# The template finds no arguments, and no file was made.
[ "$(echo v | "$BPOOL" 'echo "$#$*" {}')" = '0 v' ]
[ ! -e CANARY ]
