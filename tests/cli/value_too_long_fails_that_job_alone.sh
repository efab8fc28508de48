# SPDX-License-Identifier: MIT
set -eu
{ echo one; printf '%0200000d\n' 0; echo three; } >in
for form in 'printf %s\n {}' 'argv'; do
	rc=0
	if [ "$form" = argv ]; then
		"$BPOOL" -k echo <in >out 2>err || rc=$?
	else
		"$BPOOL" -k 'echo {}; :' <in >out 2>err || rc=$?
	fi
	[ $rc = 123 ]
	printf 'one\nthree\n' | cmp - out
	grep '^bpool: line 2: .*too long' err
	[ "$(wc -l <err)" = 1 ]
done
