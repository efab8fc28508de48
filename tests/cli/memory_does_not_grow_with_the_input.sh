# SPDX-License-Identifier: MIT
# 60 MB of lines, and the peak stays below 20 MB.
set -eu
[ -z "${SAN-}" ] || { echo "sanitizers keep freed memory"; exit 77; }
pad=$(printf '%040000d' 0)
i=0
while [ $i -lt 1500 ]; do
	echo "$pad"
	i=$((i + 1))
done >in
"$BPOOL" -j2 ': {}; grep VmHWM /proc/$PPID/status' <in >out
peak=$(tail -n 1 out | tr -dc 0-9)
[ "$peak" -lt 20000 ] || { echo "peak RSS: $peak KiB"; exit 1; }
