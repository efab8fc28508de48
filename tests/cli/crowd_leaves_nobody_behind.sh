# SPDX-License-Identifier: MIT
# Of hundreds that start at once none has the pipes of another, so nobody seems to
# have been left behind.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers: they need a second for that"; exit 77; }
crowd() {
	seq 800 | "$BPOOL" -j800 'sleep 0.3; : {}'
}
crowd 2>first &
crowd 2>second
wait "$!"
[ "$(cat first second | grep -c 'in the background')" = 0 ]
