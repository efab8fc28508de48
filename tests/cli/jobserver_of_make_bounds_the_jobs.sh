# SPDX-License-Identifier: MIT
# Under make -j3 two bpools have three tokens together: three jobs meet, and
# never a fourth.
set -eu
. "$SRC/tests/meet.sh"
cat >Makefile <<'S'
all: a b
a b:
	+@seq 9 | $(BPOOL) -j8 sh meet $@{}
S
timeout 120 make -j3 >out 2>&1 || { cat out; exit 1; }
[ ! -s out ]
three_met
[ "$(wc -l <counts)" = 36 ]

# Without -j it is make's that counts, not that of the CPUs; -j says less.
cat >job <<'S'
: >many.$1
until [ -e many.5 ] && [ -e many.4 ] && [ -e many.3 ]; do sleep 0.01; done
S
cat >Makefile <<'S'
all:
	+@$(BPOOL) sh job ::: 1 2 3 4 5
	+@$(BPOOL) -j1 echo {%} ::: 1 2 3 >slots
S
timeout 120 make -j5
[ "$(sort -u slots)" = 1 ]
