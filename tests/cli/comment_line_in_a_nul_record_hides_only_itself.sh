# SPDX-License-Identifier: MIT
set -eu
printf '# a comment\necho run\0# nothing more\0' | "$BPOOL" -0 >out
echo run | cmp - out
