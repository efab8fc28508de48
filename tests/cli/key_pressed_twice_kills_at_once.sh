# SPDX-License-Identifier: MIT
# On a terminal, ^C and soon after another.
set -eu
command -v script >/dev/null || {
	echo 'no script(1)'
	exit 77
}
cat >in <<'S'
trap ': >got' INT; : >ready; for i in 1 2 3 4 5 6 7 8; do sleep 1; done; : >survived
S
{
	until [ -e ready ]; do sleep 0.01; done
	printf '\003'
	until [ -e got ]; do sleep 0.01; done
	printf '\003'
	until [ -e ended ]; do sleep 0.01; done
} | script -qec "trap : INT; $BPOOL -a in; echo status \$?; : >ended" /dev/null >out
[ ! -e survived ]
grep 'status 130' out
