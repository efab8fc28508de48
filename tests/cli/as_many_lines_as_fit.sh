# SPDX-License-Identifier: MIT
# -m: the end is split evenly over the slots, and all is there once.
set -eu
seq 10 | "$BPOOL" -k -j4 -m echo >out
printf '1 2 3\n4 5 6\n7 8\n9 10\n' | cmp - out
seq 2 | "$BPOOL" -k -j4 -m echo >out
printf '1\n2\n' | cmp - out
"$BPOOL" -m -j4 echo </dev/null >out
[ ! -s out ]
seq 100000 >in
for form in words text; do
	case $form in
	words) set -- printf '%s\n' ;;
	text) set -- 'printf "%s\n" {}; :' ;;
	esac
	"$BPOOL" -k -j2 -m "$@" <in | cmp - in
	n=$("$BPOOL" -j2 -m --dry-run "$@" <in | wc -l)
	[ "$n" -gt 2 ]
	[ "$n" -lt 40 ]
done
