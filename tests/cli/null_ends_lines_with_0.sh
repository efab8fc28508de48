# SPDX-License-Identifier: MIT
set -eu
printf 'a\nb\0\0c\0' | "$BPOOL" -0 -k printf '<%s>' >out
printf '<a\nb><><c>' | cmp - out
printf 'x\ny\0' | "$BPOOL" --null printf '<%s>' >out
printf '<x\ny>' | cmp - out
