# SPDX-License-Identifier: MIT
# make as a job of bpool under make takes from the same pipe, and --jobserver
# passes that on instead of making another: three recipes meet, never a fourth.
set -eu
mkdir run
cat >recipe <<'S'
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
all:
	+@$(BPOOL) -j8 $(OPTION) $(MAKE) --no-print-directory D={} below ::: a b c
below: 1 2 3 4
1 2 3 4:
	@sh recipe $(D).$@
flags:
	+@echo 'echo "$$MAKEFLAGS"' | $(BPOOL) -j8 $(OPTION)
	+@echo "$$MAKEFLAGS"
S
for option in -k --jobserver; do
	timeout 120 make -j3 OPTION=$option 2>err
	[ ! -s err ] || { cat err; exit 1; }
	[ "$(sort -n counts | tail -n 1)" = 3 ]
	[ "$(wc -l <counts)" = 24 ]
	rm counts met
	make -s -j3 OPTION=$option flags >out
	[ "$(sort -u out | wc -l)" = 1 ]
done
