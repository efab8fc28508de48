# SPDX-License-Identifier: MIT
# What jobs leave behind ends while bpool waits for a line, or for a place.
set -eu
mkfifo lines
"$BPOOL" -j1 -a lines &
bpool=$!
exec 3>lines
reaped() { # FILE: those whose numbers are in it are gone
	while read -r pid; do
		[ ! -e "/proc/$pid" ] || return 1
	done <"$1"
}
cat >leave <<'E2'
for i in 1 2 3 4 5; do
	setsid sh -c 'echo $$ >>'"$1"'; exec sleep 0.1' &
done
until [ "$(wc -l <"$1")" = 5 ]; do sleep 0.01; done
E2
echo 'sh leave idle' >&3
until [ -s idle ] && [ "$(wc -l <idle)" = 5 ]; do sleep 0.01; done
until reaped idle; do sleep 0.05; done
# One runs, and as many as bpool takes ahead wait.
echo 'sh leave busy; until [ -e end ]; do sleep 0.01; done' >&3
for i in 1 2 3 4 5 6; do echo : >&3; done
until [ -s busy ] && [ "$(wc -l <busy)" = 5 ]; do sleep 0.01; done
until reaped busy; do sleep 0.05; done
: >end
exec 3>&-
wait $bpool
