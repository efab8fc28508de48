# SPDX-License-Identifier: MIT
# The job waits until what it printed has been seen.
set -eu
mkfifo out
echo 'echo now; while [ ! -e seen ]; do sleep 0.01; done; echo later' |
	"$BPOOL" --ungroup >out &
exec 3<out
read -r line <&3
[ "$line" = now ]
: >seen
read -r line <&3
[ "$line" = later ]
wait $!
