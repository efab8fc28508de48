# SPDX-License-Identifier: MIT
# Files no larger than 1,024 bytes: the log fits, and who runs does not.
set -eu
long=$(head -c 900 /dev/zero | tr '\0' x)
{
	rc=0
	(
		ulimit -f 2
		exec "$BPOOL" --joblog log "echo done; : $long {}" ::: a 2>err
	) || rc=$?
	echo $rc >status
} | cat >out
grep -x 1 status
grep -x done out
[ "$(grep -c 'log.running: File too large' err)" = 1 ]
[ "$(wc -l <err)" = 1 ]
[ "$(wc -l <log)" = 2 ]
