# SPDX-License-Identifier: MIT
# As under nohup: neither bpool nor its job dies of HUP.
set -eu
trap '' HUP
out=$(printf 'kill -HUP $PPID $$; echo survived\necho too\n' | "$BPOOL" -j1)
[ "$out" = "survived
too" ]
