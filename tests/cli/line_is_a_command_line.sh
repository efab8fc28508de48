# SPDX-License-Identifier: MIT
# Each line of stdin is a command line for the shell.
set -eu
printf 'echo a; echo b\nx=5; echo "$x" | tr 5 6\n' | "$BPOOL" -j1 >out
printf 'a\nb\n6\n' | cmp - out
# Nothing in it stands for anything, but it is the value of these.
mkdir dir-1
printf 'echo {} {#}; pwd\n' | "$BPOOL" --cwd='dir-{#}' --tag='{#} {}' \
	--key='{}' --per-key=1 >out
printf '1 echo {} {#}; pwd\t%s\n' '{} {#}' "$PWD/dir-1" | cmp - out
