# SPDX-License-Identifier: MIT
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
state() { sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status"; }
python3 "$SRC/tests/terminal.py" 80 err "$BPOOL" sh -c 'echo $PPID >pid
	until [ -e end ]; do sleep 0.01; done; : $1' sh ::: x &
until grep -q running bytes 2>/dev/null && [ -s pid ]; do sleep 0.01; done
kill -TSTP "$(cat pid)"
until [ "$(state "$(cat pid)")" = T ]; do sleep 0.01; done
# Its last word is that the line is gone.
looks=0
until [ "$(tail -c 4 bytes)" = "$(printf '\r\033[J')" ]; do
	looks=$((looks + 1))
	[ $looks -lt 2000 ] || { cat -A bytes; exit 1; }
	sleep 0.01
done
size=$(wc -c <bytes)
kill -CONT "$(cat pid)"
until [ "$(wc -c <bytes)" -gt "$size" ]; do sleep 0.01; done
: >end
wait $!
[ ! -s screen ]
