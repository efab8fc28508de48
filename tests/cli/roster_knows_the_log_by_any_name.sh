# SPDX-License-Identifier: MIT
# A job of a killed run is waited for by whichever name the log is given, and
# also after a run that did not wait.
set -eu
mkdir real
ln -s real link
mkfifo gate
printf '%s\n' 'echo start >>ran; : >up; exec 3<gate; echo end >>ran' >in
"$BPOOL" --joblog link/log <in &
bpool=$!
trap 'kill -KILL $bpool 2>/dev/null || :; : <>gate' EXIT
until [ -e up ]; do sleep 0.01; done
kill -KILL $bpool
wait $bpool || :
# Another command: it does not wait, and the first is still known.
echo 'echo other' >more
[ "$("$BPOOL" --joblog real/log --resume --no-wait <more 2>err)" = other ]
grep 'still runs' err
cat in more >all
"$BPOOL" --joblog real/log --resume <all 2>waits &
bpool=$!
until grep 'still runs.*waiting' waits; do sleep 0.01; done
[ "$(cat ran)" = start ]
exec 4<>gate
wait $bpool
printf '%s\n' start end start end | cmp - ran
[ ! -e real/log.running ]
