# SPDX-License-Identifier: MIT
# 100 outputs of 900 kB wait for the first: neither in memory nor each in a
# file of its own.
set -eu
[ -z "${SAN-}" ] || { echo "sanitizers keep freed memory"; exit 77; }
{
	echo 'while [ ! -e last ]; do sleep 0.01; done; echo first'
	yes 'head -c 900000 /dev/zero' | head -n 100
	echo 'grep VmHWM /proc/$PPID/status; ls /proc/$PPID/fd | wc -l; >last'
} | "$BPOOL" -k -j2 >out
[ "$(head -n 1 out)" = first ]
[ "$(wc -c <out)" -gt 90000000 ]
peak=$(tail -n 2 out | head -n 1 | tr -d '\0' | tr -dc 0-9)
[ "$peak" -lt 20000 ] || { echo "peak RSS: $peak KiB"; exit 1; }
[ "$(tail -n 1 out)" -lt 30 ] || { tail -n 1 out; exit 1; }
