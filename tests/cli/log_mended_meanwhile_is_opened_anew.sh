# SPDX-License-Identifier: MIT
# Two runs on a torn log: one has opened it, and is held there, while the other
# puts the mended one into its place.  The first must not write what is gone.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "no strace"; exit 77; }
trap 'exec 3>&-; kill -CONT "$(cat first.pid)" 2>/dev/null || :' EXIT
mkfifo gate
"$BPOOL" --joblog log ::: true
printf '2\t:\t1' >>log
printf '%s\n' true ': >again; cat gate' >in
strace -f -o trace -P log -e trace="?open,openat" \
	-e inject="?open,openat:signal=STOP:when=1" \
	sh -c 'echo $$ >first.pid; exec "$BPOOL" --joblog log --resume -a in' \
	2>err &
first=$!
until [ -s first.pid ]; do sleep 0.01; done
state() {
	sed -n 's/^State:	\(.\).*/\1/p' "/proc/$(cat first.pid)/status"
}
until [ "$(state)" = T ] || [ "$(state)" = t ] && grep -q STOP trace; do
	kill -0 $first || { cat err; echo "nothing could be injected"; exit 77; }
	sleep 0.01
done
"$BPOOL" --joblog log --resume -a in 2>second.err &
second=$!
until [ -e again ]; do sleep 0.01; done
exec 3>gate
rm again
kill -CONT "$(cat first.pid)"
rc=0
wait $first || rc=$?
[ $rc = 1 ]
grep '^bpool: log: another run writes this log$' err
[ ! -e again ]
exec 3>&-
wait $second
[ "$(wc -l <log)" = 3 ]
