# SPDX-License-Identifier: MIT
# ... and no other; --keep-cr and -0 keep it.
set -eu
printf 'a\r\nb\rc\r\r\nd\r' >in
"$BPOOL" -k printf '<%s>' <in >out
printf '<a><b\rc\r><d>' | cmp - out
"$BPOOL" --keep-cr -k printf '<%s>' <in >out
printf '<a\r><b\rc\r\r><d\r>' | cmp - out
printf 'a\r\0b\r\n\0' | "$BPOOL" -0k printf '<%s>' >out
printf '<a\r><b\r\n>' | cmp - out
