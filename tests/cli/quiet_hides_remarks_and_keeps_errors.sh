# SPDX-License-Identifier: MIT
set -eu
rc=0
printf 'echo mine >&2; exit 3\n' | "$BPOOL" -q 2>err || rc=$?
[ $rc = 123 ]
echo mine | cmp - err
rc=0
echo x | "$BPOOL" --quiet ./nosuch {} 2>err || rc=$?
grep '^bpool: line 1: ./nosuch: No such file' err
rc=0
echo x | "$BPOOL" --quiet -a nosuch echo 2>err || rc=$?
grep '^bpool: nosuch: No such file' err
