# SPDX-License-Identifier: MIT
# The jobs write themselves; bpool sees that nobody reads any more.
set -eu
mkfifo out
(
	rc=0
	yes 'echo x' | "$BPOOL" -q -u -j2 >out 2>/dev/null || rc=$?
	echo $rc >rc
) &
exec 3<out
read -r _ <&3
exec 3<&-
wait
[ "$(cat rc)" = 141 ]

# Where SIGPIPE is ignored it is an error instead.  A shell writes its own
# message in pieces, so ours may stand behind half of one.
trap '' PIPE
(
	rc=0
	yes 'echo x' | "$BPOOL" -q -u -j2 >out 2>err || rc=$?
	echo $rc >rc
) &
exec 3<out
read -r _ <&3
exec 3<&-
wait
[ "$(cat rc)" = 1 ]
grep 'bpool: stdout: Broken pipe' err
