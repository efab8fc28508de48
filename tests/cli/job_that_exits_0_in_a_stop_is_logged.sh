# SPDX-License-Identifier: MIT
# It says that it has done its work, and is not run again; the one that the
# stop ended is.
set -eu
cat >both <<'E2'
if [ $1 = ends ]; then
	trap 'exit 0' TERM
	>ready
else
	until [ -e ready ]; do sleep 0.01; done
	kill -TERM $(cat bpool.pid)
fi
while :; do sleep 0.05; done
E2
rc=0
sh -c 'echo $$ >bpool.pid
	exec "$BPOOL" -j2 --joblog log sh both ::: ends stopped' || rc=$?
[ $rc = 143 ]
[ "$(tail -n +2 log | cut -f 7,9)" = "$(printf '0\tsh both ends')" ]
"$BPOOL" --joblog log --resume --dry-run sh both ::: ends stopped >left
[ "$(cat left)" = 'sh both stopped' ]
