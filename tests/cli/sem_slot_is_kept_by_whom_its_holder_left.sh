# SPDX-License-Identifier: MIT
# The command has ended, or was killed; a process that it started runs on.
set -eu
name=test-$$
file=/tmp/bpool-$(id -u)/$name
trap 'rm -f "$file"' EXIT
# Until somebody sleeps in the line or for the slot.
blocked() {
	until grep -q -e "-> OFDLCK .*:$(stat -c %i "$file") " /proc/locks; do
		[ ! -e in ]
		sleep 0.01
	done
}
mkfifo orphan
# shellcheck disable=SC2016
"$BPOOL" --sem "$name" sh -c 'cat orphan & echo $! >pid; kill -KILL $$' || :
"$BPOOL" --sem "$name" sh -c ': >in' &
blocked
kill -0 "$(cat pid)"
# It ends when the fifo does.
: >orphan
wait
[ -e in ]
# A script may use low descriptors as it likes.
rm in
mkfifo script
# shellcheck disable=SC2016
"$BPOOL" --sem "$name" sh -c '
	for fd in 3 4 5 6 7 8 9; do
		eval "exec $fd</dev/null $fd<&-"
	done
	: >started
	read -r line <script' &
while [ ! -e started ]; do
	sleep 0.01
done
"$BPOOL" --sem "$name" sh -c ': >in' &
blocked
echo >script
wait
[ -e in ]
