# SPDX-License-Identifier: MIT
# At a terminal, by itself where stdout is none: a line that is taken away
# before anything else is written, is no wider than the window, is drawn ten
# times a second at most, and leaves nothing behind.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
terminal() { python3 "$SRC/tests/terminal.py" "$@"; }
before=$(date +%s%N)
seq 8 | terminal 30 err "$BPOOL" -j1 'sleep 0.3; echo out {}
	case {} in 2) printf torn >&2;; *) echo err {} >&2;; esac'
after=$(date +%s%N)
[ "$(wc -l <out)" = 8 ]
# Where a job left its line open, the progress does not write into it.
[ "$(cat screen)" = "err 1
torn
$(seq 3 8 | sed 's/^/err /')" ] || { cat -A screen; exit 1; }
grep -q ' done' bytes
tr '\r' '\n' <bytes | sed 's/\x1b\[K//' | grep ' done' >drawn
[ "$(awk 'length > 29' drawn)" = '' ]
[ "$(wc -l <drawn)" -le $(((after - before) / 100000000 + 10)) ]
grep '8/8 done\|7/8 done' drawn
# None where it was not asked for: quiet, passed through, stdout a terminal.
for option in -q -u; do
	echo 'sleep 0.3' | terminal 80 err "$BPOOL" $option
	[ ! -s bytes ]
done
echo 'sleep 0.3' | terminal 80 both "$BPOOL"
[ ! -s bytes ]
# Both at the terminal, and asked for.
seq 3 | terminal 80 both "$BPOOL" -j1 --progress 'sleep 0.3; echo out {}'
[ "$(cat screen)" = "$(seq 3 | sed 's/^/out /')" ]
grep -q ' done' bytes
# A stop leaves nothing of it either.
rc=0
printf 'sleep 0.3\nkill -TERM $PPID; sleep 100\n' |
	terminal 80 err "$BPOOL" -j2 || rc=$?
[ "$(tr -d '\n' <screen)" = '' ] || { cat -A screen; exit 1; }
