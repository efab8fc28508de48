# SPDX-License-Identifier: MIT
# For tests with a limit of processes, which root has none of: as a user that nobody
# is, as far as one can tell, nor another test that runs.
#	(limited PROCESSES COMMAND...)	in place of the subshell
uid=$((2000000000 + $$))
limited() {
	limited=$1
	shift
	exec prlimit --nproc="$limited:$limited" setpriv --reuid="$uid" \
		--regid="$uid" --clear-groups env TMPDIR=. "$@"
}
if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null ||
	! command -v prlimit >/dev/null; then
	echo "no other user to be"
	exit 77
fi
(limited 9 sh -c '(:)') || {
	echo "cannot be another user"
	exit 77
}
if (limited 1 sh -c '(:)') 2>/dev/null; then
	echo "the limit is none"
	exit 77
fi
