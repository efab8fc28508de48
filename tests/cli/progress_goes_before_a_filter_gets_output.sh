# SPDX-License-Identifier: MIT
# In bpool | grep, what grep prints comes out at the same terminal: the line is
# taken away before grep gets anything.  For a file it may stay.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
cat >job <<'E2'
until tr '\r' '\n' <bytes | sed 's/.*J//' | grep -q "^$1[/ ].*done"; do
	sleep 0.01
done
echo out $1
E2
# How often it was taken away without being drawn at once.
taken() { tr '\r' '\n' <bytes | grep -cx "$(printf '\033\\[J')" || :; }
python3 "$SRC/tests/terminal.py" 80 both sh -c \
	'seq 0 3 | "$0" -j1 sh job | cat >out' "$BPOOL"
seq 0 3 | sed 's/^/out /' | cmp - out
[ "$(taken)" -ge 4 ] || { cat -A bytes; exit 1; }
python3 "$SRC/tests/terminal.py" 80 both sh -c \
	'seq 0 3 | "$0" -j1 sh job >out' "$BPOOL"
[ "$(taken)" -le 1 ] || { cat -A bytes; exit 1; }
[ ! -s screen ]
