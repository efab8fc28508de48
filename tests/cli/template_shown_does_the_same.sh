# SPDX-License-Identifier: MIT
# What --dry-run prints, run by a shell, does what the template does.
set -eu
printf '%s\n' 'plain' 'a b' "it's" '$(touch CANARY)' '`x`' '!' '\' '' '"' \
	'*' '~' '#' '-n' >values
for template in "printf '<%s>' {}" "printf '<%s>' \"a {}\"" \
	"x=1; printf '<%s>' \"\$x{}\"" "printf '<%s>' {}{} ~{}" \
	"printf '<%s>'"; do
	"$BPOOL" -k "$template" <values >expected
	"$BPOOL" --dry-run "$template" <values >shown
	sh ./shown >out
	cmp expected out
done
"$BPOOL" -k printf '<%s>' 'a{}' {} <values >expected
"$BPOOL" --dry-run printf '<%s>' 'a{}' {} <values | sh >out
cmp expected out
[ ! -e CANARY ]
