# SPDX-License-Identifier: MIT
# Messages begin with the name that the command was called by, as others' do.
set -eu
ln -s "$BPOOL" run-many
printf 'exit 3\n' | ./run-many 2>err || [ $? = 123 ]
grep '^run-many: line 1: exit status 3: exit 3$' err
rc=0
./run-many --nothing 2>err || rc=$?
[ $rc = 2 ]
grep '^run-many: --nothing: no such option (see run-many --help)$' err
