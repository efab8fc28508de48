# SPDX-License-Identifier: MIT
# In -v, a failure, a tag, the summary, --dry-run: what a name has of them is escaped.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
printf 'a\033]0;title\007b\302\233c\n' >in
python3 "$SRC/tests/terminal.py" 200 both "$BPOOL" --color=never -v --tag \
	--summary -a in 'echo; exit 3; : {}' || :
! LC_ALL=C tr -d '\r\n\t' <bytes | LC_ALL=C grep -q '[[:cntrl:]]' ||
	{ cat -A bytes; exit 1; }
[ "$(grep -cF 'a\x1b]0;title\x07b\xc2\x9bc' bytes)" = 4 ]
python3 "$SRC/tests/terminal.py" 200 both "$BPOOL" --dry-run -a in echo
! LC_ALL=C tr -d '\r\n\t' <bytes | LC_ALL=C grep -q '[[:cntrl:]]' ||
	{ cat -A bytes; exit 1; }
grep -F 'echo '\''a\x1b]0;title\x07b\xc2\x9bc'\' bytes
# Elsewhere it is what would run, byte for byte.
"$BPOOL" --dry-run -a in echo >out
printf "echo 'a\033]0;title\007b\302\233c'\n" | cmp - out
