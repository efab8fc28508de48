# SPDX-License-Identifier: MIT
# Each line of stdin is a command line for the shell.
set -eu
printf 'echo a; echo b\nx=5; echo "$x" | tr 5 6\n' | "$BPOOL" -j1 >out
printf 'a\nb\n6\n' | cmp - out
