# SPDX-License-Identifier: MIT
# On stderr, before it ends: the job waits until it was shown.
set -eu
mkfifo err
echo 'while [ ! -e seen ]; do sleep 0.01; done; echo out' |
	"$BPOOL" --verbose 2>err >out &
read -r line <err
case $line in
*'echo out') ;;
*) exit 1 ;;
esac
: >seen
wait $!
echo out | cmp - out
