# SPDX-License-Identifier: MIT
# Under make -j3 two bpools have three tokens together: three jobs meet, and
# never a fourth.
set -eu
mkdir run
cat >job <<'S'
: >run/$1
ls run | wc -l >>counts
until [ -e met ]; do
	[ "$(ls run | wc -l)" -lt 3 ] || : >met
	sleep 0.01
done
sleep 0.05
ls run | wc -l >>counts
rm run/$1
S
cat >Makefile <<'S'
all: a b
a b:
	+@seq 9 | $(BPOOL) -j8 sh job $@{}
S
timeout 120 make -j3 >out 2>&1 || { cat out; exit 1; }
[ ! -s out ]
[ "$(sort -n counts | tail -n 1)" = 3 ]
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
