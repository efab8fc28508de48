# SPDX-License-Identifier: MIT
# stdin stays open and no line comes: bpool ends all the same.
set -eu
[ -c /dev/full ] || { echo "no /dev/full"; exit 77; }
mkfifo in
"$BPOOL" -a in >/dev/full 2>err &
pid=$!
exec 3>in
echo 'echo x' >&3
rc=0
wait $pid || rc=$?
[ $rc = 1 ]
grep '^bpool: stdout: No space left' err
