# SPDX-License-Identifier: MIT
# make as a job of bpool under make takes from the same pipe, and --jobserver
# passes that on instead of making another: three recipes meet, never a fourth.
set -eu
. "$SRC/tests/meet.sh"
cat >Makefile <<'S'
all:
	+@$(BPOOL) -j8 $(OPTION) $(MAKE) --no-print-directory D={} below ::: a b c
below: 1 2 3 4
1 2 3 4:
	@sh meet $(D).$@
flags:
	+@echo 'echo "$$MAKEFLAGS"' | $(BPOOL) -j8 $(OPTION)
	+@echo "$$MAKEFLAGS"
S
for option in -k --jobserver; do
	timeout 120 make -j3 OPTION=$option 2>err
	[ ! -s err ] || { cat err; exit 1; }
	three_met
	[ "$(wc -l <counts)" = 24 ]
	rm counts met
	make -s -j3 OPTION=$option flags >out
	[ "$(sort -u out | wc -l)" = 1 ]
done
