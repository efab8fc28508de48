# SPDX-License-Identifier: MIT
# While somebody has a slot, or waits, or a run has the limit; not later.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
refused() {
	expected=$1 rc=0
	shift
	"$BPOOL" "$@" 2>err </dev/null || rc=$?
	[ $rc = "$expected" ]
	[ "$(cat err)" = "bpool: semaphore $name: in use with 2 slots, not 3" ]
}
mkfifo hold
"$BPOOL" --sem "$name" -j2 sh -c ': >in; exec cat hold' &
while [ ! -e in ]; do
	sleep 0.01
done
refused 125 --sem "$name" -j3 touch ran
refused 1 --limit "$name=3" touch ran
"$BPOOL" --sem "$name" -j2 true
: >hold
wait
"$BPOOL" --sem "$name" -j3 true
# The input does not end, and there is no job yet.
mkfifo lines
"$BPOOL" --limit "$name=2" <lines &
exec 3>lines
until grep -q ' 2 slots' "/tmp/bpool-$(id -u)/$name"; do
	sleep 0.01
done
refused 125 --sem "$name" -j3 touch ran
exec 3>&-
wait
"$BPOOL" --sem "$name" -j3 touch ran
[ -e ran ]
