# SPDX-License-Identifier: MIT
# Somebody has stdout and reads nothing.  A job that ended in time has ended in
# time, whenever bpool comes to see it; one that runs too long is stopped.
set -eu
state() { sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
mkfifo unread
exec 7<>unread
cat >ends <<'E2'
echo $$ >pid
yes | head -c 110000
E2
"$BPOOL" --line-buffer --timeout 20 sh ::: ends >unread &
bpool=$!
until [ -s pid ]; do sleep 0.01; done
until [ "$(state "$(cat pid)")" = Z ]; do sleep 0.01; done
sleep 20.2
cat <unread >out 7>&- &
exec 7>&-
wait $bpool
wait $!
[ "$(wc -c <out)" = 110000 ]

rm pid
exec 7<>unread
rc=0
printf '%s\n' yes 'echo $$ >pid; exec sleep 1000' |
	"$BPOOL" -j2 --line-buffer --timeout 10 --kill-after 0.2 >unread &
bpool=$!
until [ -s pid ]; do sleep 0.01; done
while [ -n "$(state "$(cat pid)")" ] && [ "$(state "$(cat pid)")" != Z ]; do
	sleep 0.01
done
cat <unread >out 7>&- &
exec 7>&-
wait $bpool || rc=$?
[ $rc = 123 ]
