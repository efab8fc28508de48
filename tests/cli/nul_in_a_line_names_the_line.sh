# SPDX-License-Identifier: MIT
set -eu
rc=0
printf 'one\ntwo\nth\0ree\nfour\n' | "$BPOOL" -k echo >out 2>err || rc=$?
[ $rc = 1 ]
grep 'line 3.*NUL' err
printf 'one\ntwo\n' | cmp - out
