# SPDX-License-Identifier: MIT
# It is not drawn where a pager has taken the terminal, somebody types the
# lines, or bpool runs in the background; nor where nothing can be taken away
# again.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
terminal() { python3 "$SRC/tests/terminal.py" 80 err "$@"; }
drawn() { grep -q ' running' bytes; }
terminal sh -c 'stty -icanon <&2; "$0" sleep ::: 0.5' "$BPOOL"
! drawn || exit 1
terminal sh -c 'stty icanon <&2; "$0" sh -c "until grep -q running bytes; do
	sleep 0.01; done" sh ::: x' "$BPOOL"
drawn
TYPED=0.5 terminal sh -c '"$0" sleep <&2' "$BPOOL"
! drawn || exit 1
terminal env TERM=dumb "$BPOOL" sleep ::: 0.5
[ ! -s bytes ]
terminal env TERM=dumb "$BPOOL" --progress sleep ::: 0.3
[ "$(sed '/ done, 1 running/d; s/ done.*//' bytes)" = 'bpool: 1/1' ]
! grep "$(printf '\033')" bytes || exit 1
command -v script >/dev/null || { echo 'no script(1)'; exit 77; }
cat >front <<'E2'
until grep -q running bytes; do sleep 0.01; done
E2
background='set -m; "$BPOOL" sleep ::: 0.5 >out & wait'
front='"$BPOOL" sh front ::: x >out'
for how in "$background" "$front"; do
	rm -f bytes
	export BPOOL TERM=xterm
	SHELL=/bin/sh script -fqec "$how" bytes </dev/null >/dev/null
	[ -e bytes ]
	if [ "$how" = "$front" ]; then
		drawn
	else
		! drawn || exit 1
	fi
done
