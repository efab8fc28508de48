# SPDX-License-Identifier: MIT
# Several words run the program, and in the log stands a line for a shell: that
# says so, and so does what is printed to be pasted.
set -eu
mkdir bin
cat >bin/echo <<'S'
#!/bin/sh
printf '<%s>' "$@"
[ -e fixed ]
S
cp bin/echo bin/if
chmod +x bin/*
PATH=$PWD/bin:$PATH
export PATH
for program in echo if; do
	rm -f fixed
	"$BPOOL" --joblog log $program -e 'a\tb' {} ::: c >out 2>err || :
	[ "$(cat out)" = '<-e><a\tb><c>' ]
	[ "$(tail -n 1 log | cut -f 9)" = "env $program -e 'a\\tb' c" ]
	"$BPOOL" --dry-run $program -e 'a\tb' {} ::: c >shown
	: >fixed
	sh ./shown | cmp - out
	"$BPOOL" --joblog log --retry-failed | cmp - out
	"$BPOOL" --joblog log --resume $program -e 'a\tb' {} ::: c >again
	[ ! -s again ]
done
