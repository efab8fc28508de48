# SPDX-License-Identifier: MIT
# Longer than the kernel takes as a word: its job fails, alone.
set -eu
{ echo one; printf '%0200000d\n' 0; echo three; } >in
sed -n 2p in >long
for form in words template several; do
	case $form in
	words) set -- echo ;;
	template) set -- 'echo {}; :' ;;
	several) set -- -m printf '%s\n' ;;
	esac
	rc=0
	"$BPOOL" -k "$@" <in >out 2>err || rc=$?
	[ $rc = 123 ]
	printf 'one\nthree\n' | cmp - out
	grep '^bpool: line 2: too long: ' err
	[ "$(wc -l <err)" = 1 ]
	rc=0
	"$BPOOL" "$@" <long 2>err || rc=$?
	[ $rc = 123 ]
done
