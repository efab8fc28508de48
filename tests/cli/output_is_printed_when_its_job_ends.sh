# SPDX-License-Identifier: MIT
# ... not when all have ended: the second job waits for the first's output.
set -eu
mkfifo out
printf 'echo one\nwhile [ ! -e seen ]; do sleep 0.01; done\n' |
	"$BPOOL" -j2 >out &
read -r line <out
[ "$line" = one ]
: >seen
wait $!
