# SPDX-License-Identifier: MIT
# Several, - is stdin; a last line without newline ends with its file.
set -eu
printf 'one\ntwo' >a
printf 'five\n' >b
printf 'three\nfour\n' | "$BPOOL" -k -a a --arg-file=- --arg-file b echo >out
printf 'one\ntwo\nthree\nfour\nfive\n' | cmp - out
