# SPDX-License-Identifier: MIT
# 300 at once, each of which ends and is followed by another: 32 KiB a worker at the
# most, beside what one needs.
set -eu
[ -z "${SAN-}" ] || { echo "sanitizers keep freed memory"; exit 77; }
one=$(seq 4 | "$BPOOL" -j1 -k '[ {} = 4 ] && grep VmHWM /proc/$PPID/status; :' |
	tr -dc 0-9)
many=$(seq 600 | "$BPOOL" -j300 -k \
	'[ {} = 600 ] || exec sleep 0.3; sleep 0.6; grep VmHWM /proc/$PPID/status' |
	tr -dc 0-9)
[ -n "$one" ]
[ -n "$many" ]
[ "$many" -lt $((one + 300 * 32)) ] || { echo "$one, $many KiB"; exit 1; }
