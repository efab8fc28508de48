# SPDX-License-Identifier: MIT
# Of hundreds that start at once none has the pipes of another, so nobody seems to
# have been left behind.  (Who is about to start has them for a moment, which on a busy
# machine is long now and then, but not in most rounds.)
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers: they need a second for that"; exit 77; }
crowd() {
	seq 800 | "$BPOOL" -j800 'sleep 0.3; : {}'
}
clean=0
for i in 1 2 3 4 5; do
	crowd 2>first &
	crowd 2>second
	wait "$!"
	if ! grep 'in the background' first second; then
		clean=$((clean + 1))
	fi
	[ $clean -lt 3 ] || exit 0
done
exit 1
