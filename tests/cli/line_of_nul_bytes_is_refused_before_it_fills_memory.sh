# SPDX-License-Identifier: MIT
set -eu
# A sanitizer needs address space of its own.
[ -n "${SAN-}" ] || ulimit -v 200000
rc=0
"$BPOOL" -a /dev/zero 2>err || rc=$?
[ $rc = 1 ]
grep '^bpool: /dev/zero: line 1: has a NUL byte' err
