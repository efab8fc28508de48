# SPDX-License-Identifier: MIT
# Where nobody reads standard output, jobs that have ended wait for it, each in
# its slot, and with them the start of others; nothing is lost by that.
set -eu
mkfifo unread
exec 7<>unread
cat >job <<'E2'
[ -e read ] || echo $$ >"before-$1"
exec head -c 300000 /dev/zero
E2
"$BPOOL" -j2 sh job ::: 1 2 3 4 5 6 >unread &
bpool=$!
for i in 1 2; do
	until [ -s before-$i ]; do sleep 0.01; done
	while kill -0 "$(cat before-$i)" 2>/dev/null; do sleep 0.01; done
done
touch read
cat <unread >out 7>&- &
exec 7>&-
wait $bpool
wait $!
[ "$(wc -c <out)" = 1800000 ]
[ "$(echo before-*)" = 'before-1 before-2' ]
