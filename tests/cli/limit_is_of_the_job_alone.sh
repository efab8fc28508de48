# SPDX-License-Identifier: MIT
# A job's slot is free when it has ended, or could not start; nothing of it
# is handed down.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
mkfifo orphan
printf '%s\n' 'cat orphan >/dev/null 2>&1 & exit 1' ./missing 'kill -9 $$' \
	'ls -l /proc/self/fd >fds' ': >last' >lines
rc=0
"$BPOOL" -j2 --limit "$name=1" <lines 2>err || rc=$?
[ $rc = 123 ]
[ -e last ]
! grep "$name" fds || exit 1
: >orphan
# The run has it until it ends.
"$BPOOL" --sem "$name" -j7 true
