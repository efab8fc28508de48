# SPDX-License-Identifier: MIT
# As words, as a template, as lines; with one that ran it is 123.
set -eu
rc=0; seq 3 | "$BPOOL" ./nosuch {} 2>err || rc=$?
[ $rc = 127 ]
grep '^bpool: line 2: ./nosuch: No such file' err
rc=0; seq 3 | "$BPOOL" nosuch-command 2>err || rc=$?
[ $rc = 127 ]
rc=0; printf 'nosuch-a\nnosuch-b x\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 127 ]
rc=0; printf 'nosuch-a\ntrue\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 123 ]
rc=0; printf 'exit 127\n' | "$BPOOL" 2>err || rc=$?
[ $rc = 123 ]
