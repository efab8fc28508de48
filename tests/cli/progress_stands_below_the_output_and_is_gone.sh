# SPDX-License-Identifier: MIT
# At a terminal: a line no wider than the window, which never mixes with what
# is printed, is drawn ten times a second at most, and leaves nothing behind.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
terminal() { python3 "$SRC/tests/terminal.py" "$@"; }
# So many are shown as done.
cat >shown <<'E2'
until tr '\r' '\n' <bytes | sed 's/.*J//' | grep -q "^$1[/ ].*done"; do
	sleep 0.01
done
E2
before=$(date +%s%N)
seq 0 7 | terminal 30 err "$BPOOL" -j1 'sh shown {}; echo out {}
	case {} in 2) printf torn >&2;; *) echo err {} >&2;; esac'
after=$(date +%s%N)
[ "$(wc -l <out)" = 8 ]
# Where a job left its line open, the progress does not write into it.
[ "$(cat screen)" = "err 0
err 1
torn
$(seq 3 7 | sed 's/^/err /')" ] || { cat -A screen; exit 1; }
tr '\r' '\n' <bytes | sed 's/.*J//' | grep ' done' >drawn
[ "$(awk 'length > 29' drawn)" = '' ]
[ "$(wc -l <drawn)" -le $(((after - before) / 100000000 + 10)) ]
# Where nothing changes but the time it is drawn once a second.
terminal 80 err "$BPOOL" 'until grep -q "0:0[2-9]\|0:[1-5]" bytes; do sleep 0.01; done; :' \
	::: x
tr '\r' '\n' <bytes | sed 's/.*J//' | grep '0 done\|0/1 done' >drawn
[ "$(uniq -d drawn)" = '' ]
# None where it was not asked for: quiet, passed through, stdout a terminal.
for option in -q -u; do
	echo 'sleep 0.3' | terminal 80 err "$BPOOL" $option
	[ ! -s bytes ]
done
echo 'sleep 0.3' | terminal 80 both "$BPOOL"
[ ! -s bytes ]
# Both at the terminal, and asked for.
seq 0 2 | terminal 80 both "$BPOOL" -j1 --progress 'sh shown {}; echo out {}'
[ "$(cat screen)" = "$(seq 0 2 | sed 's/^/out /')" ]
# A stop leaves nothing of it either.
rc=0
printf 'true\nsh shown 1; kill -TERM $PPID; sleep 100\n' |
	terminal 80 err "$BPOOL" -j1 || rc=$?
[ "$(tr -d '\n' <screen)" = '' ] || { cat -A screen; exit 1; }
