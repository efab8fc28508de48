# SPDX-License-Identifier: MIT
# What has no meaning with --tty is refused before anything runs.
set -eu
. "$SRC/tests/keyboard.sh"
refused() {
	rc=0
	"$BPOOL" --tty "$@" 'echo ran {}' ::: 1 >out 2>err || rc=$?
	[ $rc = 2 ]
	[ ! -s out ]
	grep '^bpool: .*--tty' err
}
refused -j2
refused -k
refused --tag
refused --line-buffer
refused --progress
refused --results here
# The list from the terminal, of which the jobs would read.
for file in '' '-a -' '-a /dev/null -a -'; do
	terminal "$BPOOL --tty $file 'echo ran'; echo status \$?" >out
	grep 'bpool: --tty: ' out
	grep 'status 2' out
	grep '^ran' out && exit 1
done
terminal "$BPOOL -j1 -u --tty echo ran ::: 1; echo status \$?" >out
grep '^ran' out
grep 'status 0' out
# Without a terminal it can still be shown.
echo 1 | "$BPOOL" --tty --dry-run echo >out
[ "$(cat out)" = 'echo 1' ]
