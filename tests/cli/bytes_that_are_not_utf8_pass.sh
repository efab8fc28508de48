# SPDX-License-Identifier: MIT
# Every byte but newline and NUL, as one value, in both forms.
set -eu
i=1
while [ $i -lt 256 ]; do
	[ $i = 10 ] || printf "\\$(printf %03o $i)"
	i=$((i + 1))
done >in
echo >>in
"$BPOOL" --keep-cr echo <in >/dev/null
"$BPOOL" --keep-cr printf '%s\n' <in | cmp in -
"$BPOOL" --keep-cr "printf '%s\n' {}" <in | cmp in -
