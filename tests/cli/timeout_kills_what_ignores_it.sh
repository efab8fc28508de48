# SPDX-License-Identifier: MIT
# After the grace: what ignores TERM, what is stopped by SIGSTOP, and what
# left the session twice over, which is known by its mark.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
cat >stubborn <<'E2'
trap '' TERM
echo $$ >$1.pid
while :; do sleep 0.1; done
E2
cat >escapes <<'E2'
(setsid sh -c '(setsid sh stubborn far &) ' &)
until [ -s far.pid ]; do sleep 0.01; done
echo $$ >near.pid
while :; do sleep 0.1; done
E2
printf '%s\n' 'sh stubborn one' 'echo $$ >two.pid; kill -STOP $$' \
	'sh escapes' >in
rc=0
"$BPOOL" -j3 --timeout 2 --kill-after 0.3 <in >out 2>err || rc=$?
[ $rc = 123 ]
[ "$(grep -c 'timed out: killed by signal' err)" = 3 ]
for name in one two near far; do
	dead "$(cat $name.pid)" || { echo "$name lives"; exit 1; }
done
