# SPDX-License-Identifier: MIT
set -eu
trap '' CHLD 2>/dev/null || { echo "no CHLD here"; exit 77; }
rc=0
printf 'exit 3\necho x\n' | "$BPOOL" -q >out || rc=$?
[ $rc = 123 ]
echo x | cmp - out
