# SPDX-License-Identifier: MIT
# Always one output waits, so the spool is never empty; it stays small.
set -eu
cat >job <<'S'
# Job n (odd) waits until n + 1 has ended; every output is 3 MB.
# None is more than four ahead, or it is not the job itself that fills the spool.
n=$1
[ $n -le 4 ] || until [ -e $((n - 4)) ]; do sleep 0.01; done
head -c 3000000 /dev/zero
[ $((n % 2)) = 0 ] || while [ ! -e $((n + 1)) ]; do sleep 0.01; done
: >$n
for fd in /proc/$PPID/fd/*; do
	case $(readlink $fd) in
	*deleted*) stat -L -c %b $fd >>blocks ;;
	esac
done
S
seq 40 | "$BPOOL" -k -j3 sh job | wc -c >size
[ "$(cat size)" = 120000000 ]
[ "$(sort -n blocks | tail -n 1)" -gt 1000 ]
# Blocks of 512 bytes: less than 40 MB at any time.
[ "$(sort -n blocks | tail -n 1)" -lt 80000 ] || { sort -n blocks; exit 1; }
