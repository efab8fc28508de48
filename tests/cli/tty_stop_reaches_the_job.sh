# SPDX-License-Identifier: MIT
# With all that it started, also in groups of its own.
set -eu
. "$SRC/tests/keyboard.sh"
. "$SRC/tests/process.sh"
cat >job <<'J'
set -m
sh -c 'echo $$ >inner; exec sleep 99' &
set +m
until [ -s inner ]; do sleep 0.01; done
echo $PPID >pid
sleep 99
: >on
J
gone() {
	[ ! -e on ] || return 1
	dead "$(cat inner)"
}
for case in 'TERM 143' 'INT 130' 'HUP 129' 'QUIT 131'; do
	rm -f pid inner
	terminal "$BPOOL --tty sh job ::: 1 2; echo status \$?" \
		'until:[ -s pid ]' "do:kill -${case% *} \$(cat pid)" >out
	grep "status ${case#* }" out
	gone
done
rm -f pid inner
terminal "$BPOOL --tty --deadline 2s sh job ::: 1 2; echo status \$?" >out
grep 'status 124' out
gone
rm -f inner
terminal "$BPOOL --tty --timeout 2s sh job ::: 1; echo status \$?" >out
grep 'status 123' out
gone
rm -f inner
terminal "$BPOOL --tty --halt now,fail=1 'echo run {}; exit 7' \
	::: 1 2; echo status \$?" >out
grep 'status 7' out
grep 'run 2' out && exit 1
exit 0
