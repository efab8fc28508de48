# SPDX-License-Identifier: MIT
# A job that ends before the filter that it prints through, as with
# exec > >(filter) in bash.
set -eu
cat >in <<'E'
mkfifo pipe; { cat pipe; echo bye; } & exec >pipe; echo hello
E
"$BPOOL" <in >out
printf 'hello\nbye\n' | cmp - out
