# SPDX-License-Identifier: MIT
# Files no larger than 512 bytes: the log fits, and who runs does not.
set -eu
long=$(head -c 600 /dev/zero | tr '\0' x)
rc=0
(
	ulimit -f 1
	exec "$BPOOL" --joblog log "echo done; : $long {}" ::: a 2>err
) | cat >out || rc=$?
grep done out
[ "$(grep -c 'log.running: File too large' err)" = 1 ]
