# SPDX-License-Identifier: MIT
set -eu
printf 'b\0a\0' | "$BPOOL" -0kqj2 echo >out
printf 'b\na\n' | cmp - out
