#!/bin/sh
# SPDX-License-Identifier: MIT
# Twenty everyday tasks, by bpool: each comes to what a plain loop does.  Their
# command lines stand in docs/coming-from.md as they were run.
set -u
awk '/^(bpool|xargs|xe|parallel):/ { on = 1; sub(/^[a-z]*: */, ""); print; next }
	/^[^ \t]/ || /^$/ { on = 0 }
	on { sub(/^[ \t]/, ""); print }' \
	"$SRC/docs/examples/everyday/tasks" >lines
[ "$(wc -l <lines)" -ge 80 ] || exit 1
awk '/^```$/ { on = 0 } on { print } /^```sh$/ { on = 1 }' \
	"$SRC/docs/coming-from.md" | cmp lines - || exit 1
exec "$SRC/docs/examples/everyday/run.sh" bpool
