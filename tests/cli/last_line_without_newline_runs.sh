# SPDX-License-Identifier: MIT
set -eu
[ "$(printf 'echo one\necho two' | "$BPOOL" -k)" = "one
two" ]
[ "$(printf 'a\0b' | "$BPOOL" -0k echo)" = "a
b" ]
