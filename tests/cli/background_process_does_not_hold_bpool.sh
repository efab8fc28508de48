# SPDX-License-Identifier: MIT
# It keeps the outputs open, and prints for ever.
set -eu
printf '%s\n' \
	'while sleep 1; do :; done & echo $! >pid; echo done' \
	'yes & echo $! >pid2' | "$BPOOL" -j1 | tail -n 1 >/dev/null
grep . pid pid2
kill "$(cat pid)"
kill "$(cat pid2)" 2>/dev/null || :
