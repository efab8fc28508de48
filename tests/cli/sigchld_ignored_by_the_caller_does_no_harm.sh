# SPDX-License-Identifier: MIT
set -eu
env --ignore-signal=CHLD true 2>/dev/null ||
	{ echo "no env --ignore-signal"; exit 77; }
rc=0
printf 'exit 3\necho x\n' |
	env --ignore-signal=CHLD "$BPOOL" -q >out 2>err || rc=$?
[ $rc = 123 ]
echo x | cmp - out
[ ! -s err ]
# Nor to jobs: they have it at its default (bit 17).
echo 'cat /proc/self/status' | env --ignore-signal=CHLD "$BPOOL" >out
ignored=$(sed -n 's/^SigIgn:.*\(.....\)$/\1/p' out)
[ $((0x$ignored & 0x10000)) = 0 ]
