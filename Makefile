# SPDX-License-Identifier: MIT
#
# make help says what there is.  Everything that is made goes to build/.

VERSION := $(shell cat VERSION)
SOVERSION := 0

prefix = /usr/local
bindir = $(prefix)/bin
libdir = $(prefix)/lib
includedir = $(prefix)/include
datadir = $(prefix)/share
mandir = $(datadir)/man
bashdir = $(datadir)/bash-completion/completions
zshdir = $(datadir)/zsh/site-functions
fishdir = $(datadir)/fish/vendor_completions.d
pkgconfigdir = $(libdir)/pkgconfig
cmakedir = $(libdir)/cmake/boundpool

ifeq ($(origin CC),default)
CC = cc
endif
CXX ?= c++
AR ?= ar
INSTALL ?= install
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g

# SAN=thread, SAN=address,undefined: a tree of its own beside the usual one.
SAN =
comma := ,
B = build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
SANFLAGS = $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	   -fno-omit-frame-pointer)

WARNINGS = -Wall -Wextra -Wshadow -Wformat=2 -Wconversion -Wvla \
	   -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	   -Wcast-qual -Wcast-align -Wwrite-strings -Wundef \
	   -Wdouble-promotion -Wimplicit-fallthrough -Wdate-time
# What the compiler takes of it; the sanitizers want to see for themselves.
HARDENING = $(if $(SAN),,$(shell cat $(B)/hardening))
# The same from whichever directory it is built in.
HERE = -ffile-prefix-map="$$PWD"=.
OURS = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -pthread \
       -fvisibility=hidden $(WARNINGS) $(SANFLAGS) $(HARDENING) $(HERE)
COMPILE = $(CC) $(filter-out -Wl$(comma)%,$(OURS)) -fPIE $(CPPFLAGS) $(CFLAGS) \
	  $(LAST) -MMD -MP -MF $@.d
LINK = $(CC) -pthread $(SANFLAGS) $(HARDENING) $(HERE) $(CFLAGS) $(LDFLAGS)

LIB = adaptive backoff bug call future group heap help job key limit map \
      options pool prometheus query rate ring room run schedule sem sleep state submit terms \
      trace utf8 wake worker
COMMON = argroom attempt capture codeword color command cpus ending environment eventfile events expire fds \
	feedback filename filling halt histogram interpreter io job joblog json lines mark \
	message observe option orphans placeholder plain programs record report results retry \
	roster rosterline scan sessions shellcommand shellscan shelltext shellword spawn spelling \
	spool start statusline stop stopper tail tally template terminal text units utf8 verdict \
	waiting words
BPOOL = again agenda become budget crew dryrun execute gate input jobserver \
	journals logread main makeflags meter notice optioncheck options optiontable \
	ownfile pace page progress resume run semaphore shares slots sources summary
# Where libnats is.
QUEUE = batch bus classes collect deadletters drain guard identity jobmessage jobresult \
	lease main names options optiontable outbox presence puller pump starts status \
	streams submit terms work workjob
UNIT = ring rate adaptive schedule keys pool jobs gather lifetimes nested circles \
       workers limits terms typed bad_input scarce template sentences direct tally tail joblog \
       meter feedback observe
EXAMPLES = quickstart git-fetch http-get
# With libraries of others, where those are, for this compiler's libc.
EXAMPLES_WITH = curl-get sqlite-count zlib-pack
WITH_curl-get = libcurl
WITH_sqlite-count = sqlite3
WITH_zlib-pack = zlib
EXAMPLES_WITH_HERE = $(if $(findstring musl,$(CC)),,$(foreach e,$(EXAMPLES_WITH),$(shell \
	$(PKG_CONFIG) --exists $(WITH_$e) 2>/dev/null && echo $e)))

# bpool-queue: auto, where its client library is for this compiler's libc; yes, or
# nothing is built; no.
NATS = auto
NATS_HERE = $(if $(findstring musl,$(CC)),,$(shell \
	$(PKG_CONFIG) --exists libnats 2>/dev/null && echo yes))
BPOOL_QUEUE = $(if $(filter no,$(NATS)),,$(if $(NATS_HERE),$(B)/bpool-queue,$(if \
	$(filter yes,$(NATS)),no-libnats)))
NO_QUEUE = $(if $(filter no,$(NATS)),NATS=no,no libnats for $(CC))
ifeq (,$(filter auto yes no,$(NATS)))
$(error NATS=$(NATS): it is auto, yes or no)
endif

STATIC = $(B)/libboundpool.a
SONAME = libboundpool.so.$(SOVERSION)
SHARED = $(B)/libboundpool.so.$(VERSION)

# What finds the library where it is installed.
FINDERS = boundpool.pc boundpool-config.cmake boundpool-config-version.cmake

all: $(STATIC) $(SHARED) $(B)/bpool $(FINDERS:%=$(B)/%) $(BPOOL_QUEUE)

no-libnats:
	@echo 'make: NATS=yes: there is no libnats for $(CC) (Debian: libnats-dev)' >&2
	@exit 1

help:
	@echo 'all            build the library, bpool and, with libnats, bpool-queue'
	@echo '               (NATS=no: without it; NATS=yes: not without it)'
	@echo 'check          run every test       SAN=thread, SAN=address,undefined,'
	@echo '                                    CC=clang, CC=musl-gcc'
	@echo 'deps           install what the tests need'
	@echo 'measure        show the figures of README and docs (no test); WHAT=limits'
	@echo '               and the like: a part of them, see tests/measure'
	@echo 'bench          the library beside other pools; QUICK=1: only whether it'
	@echo '               works, OUT=DIR: tables, figures and plots there'
	@echo 'bench-cli      the same of the command'
	@echo 'bench-queue    bpool-queue by itself, with workers that start no process'
	@echo 'check-cluster  bpool-queue and three servers, whose leader is killed'
	@echo 'simulate       the adaptive limit and others against services'
	@echo 'explore        the library in every order of its threads, and broken'
	@echo '               ones told; FULL=1: in all with two preemptions'
	@echo 'torture        the library and bpool while calls fail, one after the other;'
	@echo '               of those of bpool a part, FULL=1: each'
	@echo 'coverage       which lines and branches the tests run'
	@echo 'memcheck       tests of bpool, which runs under valgrind'
	@echo 'helgrind       unit tests under valgrind'
	@echo 'lint           what static analysis says: gcc, cppcheck, clang-tidy'
	@echo 'fuzz           the command'"'"'s parsers, SECONDS=30 each, with libFuzzer'
	@echo 'fuzz-mutants   and broken ones told by it'
	@echo 'chaos          bpool killed, starved, closed, at the wrong time; SEED=N: as'
	@echo '               it was with that; ONLY=NAME: that scenario alone'
	@echo 'chaos-mutants  and broken ones told by it'
	@echo 'html           the manual pages for a browser: build/html/index.html'
	@echo 'install        to $$(DESTDIR)$$(prefix), prefix=$(prefix)'
	@echo 'uninstall      remove just that'
	@echo 'check-install  install, build against it, uninstall, find nothing left'
	@echo 'check-reproducible  build in two directories, find the same files'
	@echo 'check-abi      the shared library is what lib/boundpool.abi keeps; abi: keep'
	@echo '               what it is now'
	@echo 'deb            packages for Debian in build/deb; check-deb: and tries them'
	@echo 'dist           build/boundpool-$(VERSION).tar.gz; check-dist: what is in it'
	@echo '               passes'
	@echo 'clean          remove build/'

# ---- Flags: what changes with them is built again -------------------------

$(B)/compiler: NOW = $(CC) $(CPPFLAGS) $(CFLAGS)
$(B)/flags: NOW = $(COMPILE) $(LINK)
$(B)/places: NOW = $(prefix) $(libdir) $(includedir)
$(B)/compiler $(B)/flags $(B)/places: FORCE
	@mkdir -p $(B)
	@echo '$(NOW)' | cmp -s - $@ || echo '$(NOW)' >$@

$(B)/flags: $(B)/hardening
$(B)/hardening: tools/hardening $(B)/compiler
	@$< $(CC) $(CPPFLAGS) $(CFLAGS) >$@

# ---- The library -----------------------------------------------------------

LIB_O = $(LIB:%=$(B)/lib/%.o)
LIB_LO = $(LIB:%=$(B)/lib/%.lo)

# No exception passes call.c, whatever CFLAGS say: see lib/call.h.
$(B)/lib/call.o $(B)/lib/call.lo: LAST = -fno-exceptions -fno-unwind-tables \
	-fno-asynchronous-unwind-tables

$(B)/lib/%.o: lib/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude -c -o $@ $<

$(B)/lib/%.lo: lib/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude -fPIC -c -o $@ $<

$(STATIC): $(LIB_O)
	rm -f $@
	$(AR) rcD $@ $^

$(SHARED): $(LIB_LO) lib/boundpool.map
	$(LINK) -shared $(if $(SAN),,-Wl$(comma)-z$(comma)defs) \
		-Wl,-soname,$(SONAME) \
		-Wl,--version-script,lib/boundpool.map -o $@ $(LIB_LO)
	ln -sf $(@F) $(B)/$(SONAME)
	ln -sf $(SONAME) $(B)/libboundpool.so

# Before 1.0 the second number is what the first is later.
LIKE = $(shell sed -n -e 's/^\(0\.[0-9]*\)\..*/\1/p' -e 's/^\([1-9][0-9]*\)\..*/\1/p' VERSION)

POINTER = $(shell $(CC) $(CPPFLAGS) $(CFLAGS) -dM -E -x c /dev/null | \
	sed -n 's/^.define __SIZEOF_POINTER__ //p')

$(FINDERS:%=$(B)/%): $(B)/%: lib/%.in VERSION $(B)/places $(B)/compiler
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' \
	    -e 's|@includedir@|$(includedir)|' -e 's|@version@|$(VERSION)|' \
	    -e 's|@soversion@|$(SOVERSION)|' -e 's|@like@|$(LIKE)|' \
	    -e 's|@pointer@|$(POINTER)|' $< >$@

# ---- The commands: they know include/ alone ----------------------------------

# Where their headers are, for tests too.
TOOLS = -Iinclude -iquote tools/common -iquote tools/bpool
# modules A B: where they are, without a suffix.
modules = $(foreach m,$1,$(basename $(wildcard $(addsuffix /$m.c, \
	tools/common tools/bpool))))

$(B)/tools/common/%.o: tools/common/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude -c -o $@ $<

$(B)/tools/bpool/%.o: tools/bpool/%.c $(B)/flags VERSION
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude -iquote tools/common -c -o $@ $<

# The page of --report as strings of C.
PAGE = $(addprefix tools/bpool/page/,page.html style.css script.js)
$(B)/page_parts.c: tools/bpool/page/strings $(PAGE)
	@mkdir -p $(@D)
	$^ >$@.new
	mv $@.new $@

$(B)/page_parts.o: $(B)/page_parts.c $(B)/flags
	$(COMPILE) -iquote tools/bpool -iquote tools/common -c -o $@ $<

$(B)/bpool: $(BPOOL:%=$(B)/tools/bpool/%.o) $(COMMON:%=$(B)/tools/common/%.o) \
		$(B)/page_parts.o $(STATIC)
	$(LINK) -pie -o $@ $^

# Its headers are not ours to warn of.
NATS_CFLAGS = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags libnats))
$(B)/tools/bpool-queue/%.o: tools/bpool-queue/%.c $(B)/flags VERSION
	@mkdir -p $(@D)
	$(COMPILE) $(NATS_CFLAGS) -Iinclude -iquote tools/common -c -o $@ $<

$(B)/bpool-queue: $(QUEUE:%=$(B)/tools/bpool-queue/%.o) \
		$(COMMON:%=$(B)/tools/common/%.o) $(STATIC)
	$(LINK) -pie -o $@ $^ $(shell $(PKG_CONFIG) --libs libnats)

# ---- Tests -----------------------------------------------------------------------

# Check may be there for one compiler and not for another (musl-gcc).
CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check 2>/dev/null)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check 2>/dev/null)
UNIT_BIN = $(UNIT:%=$(B)/tests/check_%)
EXAMPLE_BIN = $(patsubst %,$(B)/examples/%,$(EXAMPLES) $(EXAMPLES_WITH_HERE))

TESTS = $(addprefix tests/, versions.sh cxx.sh hpp.sh typed_refused.sh clock_jumps.sh hardened.sh \
	hazards.sh bits32.sh realtime.sh figures.sh completions.sh)
RUN = CC='$(CC)' CXX='$(CXX)' CXXFLAGS='$(SANFLAGS)' SAN='$(SAN)' \
      BUILD=$(CURDIR)/$(B) SRC=$(CURDIR) tests/run $(B)/bpool

# "make -j8 deps check": one after the other.
check check-unit: | $(filter deps,$(MAKECMDGOALS))

check: all $(EXAMPLE_BIN)
	tests/layers.sh
	tests/asserts.sh
	@$(MAKE) --no-print-directory check-unit
	@$(MAKE) --no-print-directory check-fuzz
	@$(if $(BPOOL_QUEUE),,echo 'bpool-queue: left out: $(NO_QUEUE)')
	$(RUN) $(TESTS) tests/cli/*.sh tests/examples/*.sh $(if $(BPOOL_QUEUE),tests/queue/*.sh)

# Three servers of a cluster; in minutes, as they elect.
check-cluster: all
	$(if $(BPOOL_QUEUE),VERBOSE=1 $(RUN) tests/cluster/*.sh,@echo 'check-cluster: $(NO_QUEUE)')

check-unit:
	@if tests/has_check '$(COMPILE) $(CHECK_CFLAGS)' '$(LINK)' \
		'$(CHECK_LIBS)'; then \
		$(MAKE) --no-print-directory $(UNIT_BIN) && \
		tests/units $(UNIT_BIN); \
	elif tests/has_check 'cc -MMD $(CHECK_CFLAGS)' 'cc -pthread' \
		'$(CHECK_LIBS)'; then \
		echo 'unit tests: left out, Check is for the system compiler' \
		     'and not for $(CC)'; \
	else \
		echo 'unit tests: Check is missing; make deps installs it' >&2; \
		exit 1; \
	fi

$(B)/tests/%.o: tests/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(CHECK_CFLAGS) $(TOOLS) -iquote lib -c -o $@ $<

# Not to be removed when what is linked of them is there.
.PRECIOUS: $(B)/tests/%.o

$(B)/tests/check_%: $(B)/tests/check_%.o $(B)/tests/support.o $(STATIC)
	$(LINK) $(WRAP) -o $@ $^ $(CHECK_LIBS)

$(B)/tests/check_scarce: WRAP = -Wl,--wrap=sem_init,--wrap=pthread_cond_init

# Those of the command's modules link the module too.
module_o = $(patsubst %,$(B)/%.o,$(call modules,$1))
TEMPLATE_O = $(B)/tests/template_support.o $(call module_o,template text shellscan \
	shellcommand shelltext shellword scan codeword interpreter programs plain \
	placeholder filling words record)
$(B)/tests/check_template $(B)/tests/check_sentences $(B)/tests/check_direct: \
	$(TEMPLATE_O)

$(B)/tests/check_tally: $(call module_o,ending halt histogram json tally text utf8)
$(B)/tests/check_tail: $(call module_o,tail)
$(B)/tests/check_joblog: $(call module_o,fds io joblog json logread message resume text \
	utf8)
$(B)/tests/check_feedback: $(call module_o,feedback fds retry units)
$(B)/tests/check_meter: $(call module_o,halt meter)

$(B)/examples/quickstart: docs/examples/quickstart.c
$(B)/examples/git-fetch: docs/examples/git/fetch.c
$(B)/examples/http-get: docs/examples/http/get.c
$(EXAMPLES_WITH:%=$(B)/examples/%): $(B)/examples/%: docs/examples/libraries/%.c
$(EXAMPLE_BIN): $(STATIC) $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude $(if $(WITH_$(@F)),$(shell $(PKG_CONFIG) --cflags $(WITH_$(@F)))) \
		-o $@ $(filter %.c,$^) $(STATIC) $(LDFLAGS) \
		$(if $(WITH_$(@F)),$(shell $(PKG_CONFIG) --libs $(WITH_$(@F))))

simulate: $(B)/tests/simulate
	$<

$(B)/tests/simulate: $(B)/tests/simulate.o $(STATIC)
	$(LINK) -o $@ $^ -lm

MEASURE_BIN = $(B)/tests/measure_limits $(B)/tests/measure_auto
$(B)/tests/measure_auto: $(B)/tests/scene.o
$(MEASURE_BIN): %: %.o $(B)/tests/service.o $(STATIC)
	$(LINK) -o $@ $(filter %.o,$^) $(STATIC) -lm

measure: all $(B)/bench/floor $(B)/examples/http-get $(MEASURE_BIN)
	tests/measure $(B) $(WHAT)

# ---- Beside others -------------------------------------------------------------------

PEERS = boundpool condition semaphores htslib tbb_queue tbb_arena apr libuv glib direct
PKG_htslib = htslib
PKG_tbb_queue = tbb
PKG_tbb_arena = tbb
PKG_apr = apr-util-1 apr-1
PKG_libuv = libuv
PKG_glib = glib-2.0
PEERS_HERE = $(foreach p,$(PEERS),$(if $(PKG_$p),$(shell \
	pkg-config --exists $(PKG_$p) && echo $p),$p))
peer_flags = $(if $(PKG_$1),$(patsubst -I%,-isystem %,$(shell \
	pkg-config --cflags $(PKG_$1))))

$(B)/bench/work.o: tools/bench/work.c tools/bench/peer.h $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(OURS) -O2 -g -c -o $@ $<

$(B)/bench/%: tools/bench/peer_%.c $(B)/bench/work.o tools/bench/*.h $(STATIC)
	$(CC) $(OURS) -Iinclude $(call peer_flags,$*) -O2 -g -o $@ $< $(B)/bench/work.o \
		$(STATIC) $(if $(PKG_$*),$(shell pkg-config --libs $(PKG_$*)))

$(B)/bench/%: tools/bench/peer_%.cc $(B)/bench/work.o tools/bench/*.h
	$(CXX) -std=c++20 -Wall -Wextra -Wno-missing-field-initializers \
		$(call peer_flags,$*) -O2 -g -pthread -o $@ $< \
		$(B)/bench/work.o $(shell pkg-config --libs $(PKG_$*))

$(B)/bench/floor $(B)/bench/line: $(B)/bench/%: tools/bench/%.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(OURS) -O2 -g -o $@ $<

# The library unchanged, but for who looks at its lock.
HELD_O = $(patsubst %,$(B)/bench/held/%.o,$(LIB))
$(B)/bench/held/%.o: lib/%.c $(B)/flags tools/bench/held.h
	@mkdir -p $(@D)
	$(CC) $(OURS) -O2 -g -Iinclude -iquote lib -include tools/bench/held.h \
		-MMD -MP -MF $@.d -c -o $@ $<

$(B)/bench/held/boundpool: tools/bench/peer_boundpool.c tools/bench/held.c $(HELD_O) \
		$(B)/bench/work.o tools/bench/peer.h
	$(CC) $(OURS) -Iinclude -O2 -g -o $@ $(filter %.c %.o,$^)

# QUICK=1: only whether it works.  OUT=DIR: tables, figures and plots there.
BENCH = $(if $(QUICK),--quick) $(if $(OUT),--out $(OUT))
bench:
	$(MAKE) --no-print-directory $(PEERS_HERE:%=$(B)/bench/%) \
		$(B)/bench/held/boundpool $(B)/bench/line
	tools/bench/library $(B)/bench $(BENCH)

bench-cli: all $(B)/bench/floor
	tools/bench/command $(B)/bpool $(B)/bench/floor $(BENCH)

# A worker that starts no process, of what the command has but for its main().
$(B)/bench/queue_worker: tools/bench/queue_worker.c $(B)/flags \
		$(patsubst %,$(B)/tools/bpool-queue/%.o,$(filter-out main,$(QUEUE))) \
		$(COMMON:%=$(B)/tools/common/%.o) $(STATIC)
	@mkdir -p $(@D)
	$(CC) $(OURS) $(NATS_CFLAGS) -Iinclude -iquote tools/common -iquote tools/bpool-queue \
		-O2 -g -o $@ $(filter %.c %.o %.a,$^) \
		$(shell $(PKG_CONFIG) --libs libnats)

bench-queue: all $(if $(BPOOL_QUEUE),$(B)/bench/queue_worker)
	$(if $(BPOOL_QUEUE),tools/bench/queue $(BPOOL_QUEUE) \
		$(B)/bench/queue_worker $(BENCH),@echo 'bench-queue: $(NO_QUEUE)')

# ---- Interleavings: the library in a world of its own ------------------------------

WORLD = $(CC) -std=c11 -D_GNU_SOURCE -pthread $(WARNINGS) $(CPPFLAGS) $(CFLAGS) \
	-U_FORTIFY_SOURCE -Iinclude -iquote lib
INSIDE = $(WORLD) -include tests/explore/world.h -DWORLD_INSIDE -DBP_RUNNING_MANY=1
EXPLORE_O = $(patsubst %,$(B)/explore/%.o,world explore fixture scenarios_pool \
	scenarios_results scenarios_terms $(LIB:%=lib/%))

$(B)/explore/lib/%.o: lib/%.c $(B)/flags tests/explore/world.h
	@mkdir -p $(@D)
	$(INSIDE) -MMD -MP -MF $@.d -c -o $@ $<

$(B)/explore/%.o: tests/explore/%.c $(B)/flags
	@mkdir -p $(@D)
	$(WORLD) -MMD -MP -MF $@.d -c -o $@ $<

$(B)/explore/explore: $(EXPLORE_O)
	$(CC) -pthread -o $@ $^

explore: $(B)/explore/explore
	$< $(if $(FULL),--most 100000000 --random 1000000)
	tests/explore/mutants $(B)/explore $(INSIDE)

# ---- Faults -------------------------------------------------------------------------

$(B)/torture/shim.so: tests/torture/shim.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -pthread $(WARNINGS) $(CPPFLAGS) -O2 -g -fPIC \
		-shared -o $@ $<

# The library, faults.c between it and libc, under the sanitizers; once more with
# what stands in for sem_clockwait().
FAULTY = $(CC) -std=c11 -D_GNU_SOURCE -pthread $(WARNINGS) $(CPPFLAGS) $(CFLAGS) \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FAULTY_CALLS = malloc calloc aligned_alloc free __sched_cpualloc __sched_cpufree \
	pthread_create pthread_setname_np pthread_attr_init pthread_attr_destroy \
	pthread_attr_getstacksize pthread_attr_setstacksize pthread_atfork \
	pthread_mutex_init pthread_mutex_destroy pthread_mutex_trylock \
	clock_gettime sem_init sem_destroy sem_wait sem_clockwait sem_trywait \
	pthread_condattr_init pthread_condattr_destroy pthread_condattr_setclock \
	pthread_cond_init pthread_cond_destroy pthread_cond_wait \
	pthread_cond_timedwait sched_getaffinity sysconf
FAULTY_O = $(LIB:%=lib/%.o) $(patsubst %,tests/torture/%.o, \
	library faults marks cases cases_pool cases_results cases_terms)

$(B)/torture/sem/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(FAULTY) -Iinclude -iquote lib -MMD -MP -MF $@.d -c -o $@ $<

$(B)/torture/cond/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(FAULTY) -DBP_NO_SEM_CLOCKWAIT -Iinclude -iquote lib -MMD -MP \
		-MF $@.d -c -o $@ $<

$(B)/torture/library: $(FAULTY_O:%=$(B)/torture/sem/%)
$(B)/torture/library-cond: $(FAULTY_O:%=$(B)/torture/cond/%)
$(B)/torture/library $(B)/torture/library-cond:
	$(FAULTY) $(FAULTY_CALLS:%=-Wl,--wrap=%) -o $@ $^

torture-library: $(B)/torture/library $(B)/torture/library-cond
	$(B)/torture/library
	$(B)/torture/library-cond

# One of so many runs, or all.
torture: torture-library all $(B)/torture/shim.so
	tests/torture/command $(CURDIR)/$(B)/bpool $(CURDIR)/$(B)/torture/shim.so \
		$(if $(FULL),1,40)

# ---- Coverage: a tree of its own, not optimised --------------------------------------

COVER = $(MAKE) --no-print-directory B=build/coverage SAN= \
	CFLAGS='-O0 -g --coverage -fprofile-update=atomic' \
	LDFLAGS='-Wl,--wrap=_exit,--wrap=abort,--wrap=kill \
		$(CURDIR)/build/coverage/ends.o'
COVERED = tests/cli/*.sh

# What fails here fails in make check, or measures what counting slows down.  Some
# tests are another user, who has to count too.
coverage:
	@command -v gcovr >/dev/null || \
		{ echo 'coverage: gcovr is missing' >&2; exit 1; }
	@mkdir -p build/coverage
	$(CC) $(OURS) -O2 -c -o build/coverage/ends.o tests/coverage/ends.c
	find build/coverage -name '*.gcda' -delete
	$(COVER) $(UNIT:%=build/coverage/tests/check_%) build/coverage/bpool
	-tests/units $(UNIT:%=build/coverage/tests/check_%)
	build/coverage/bpool --version
	chmod -R a+rwX build/coverage
	-GCOV_ERROR_FILE=/dev/null BUILD=$(CURDIR)/build/coverage SRC=$(CURDIR) \
		CC='$(CC)' tests/run build/coverage/bpool $(COVERED)
	tests/coverage/report build/coverage

# ---- Valgrind -----------------------------------------------------------------------

memcheck: $(B)/bpool
	tests/valgrind/memcheck $(B)/bpool

# Those with threads.  A tree of its own: lib/sem.c tells helgrind what it does, and
# atomics.c stands in for what the compiler does.
HELGRIND = $(patsubst %,build/helgrind/tests/check_%,limits pool jobs lifetimes nested \
	gather keys workers terms circles typed bad_input ring scarce)
helgrind:
	@mkdir -p build/helgrind
	$(CC) $(OURS) -O2 -g -c -o build/helgrind/atomics.o tests/valgrind/atomics.c
	$(MAKE) --no-print-directory B=build/helgrind SAN= \
		CFLAGS='-O2 -g -DBP_HELGRIND -fno-inline-atomics' \
		CHECK_LIBS='build/helgrind/atomics.o $(CHECK_LIBS)' $(HELGRIND)
	tests/valgrind/helgrind $(HELGRIND)

# ---- Reading the source -------------------------------------------------------------

lint:
	CPPFLAGS='$(CPPFLAGS)' tests/lint/lint

# ---- Fuzzing ------------------------------------------------------------------------

# The targets, and the modules of the command that each is linked with.
FUZZ = joblog json lines makeflags template units
FUZZ_json = ending eventfile events fds histogram halt io json tail tally text units utf8
FUZZ_joblog = fds io joblog logread resume text
FUZZ_lines = fds lines
FUZZ_makeflags = makeflags
FUZZ_template = codeword filling interpreter placeholder plain programs record \
		scan shellcommand shellscan shelltext shellword template text words
FUZZ_units = color filename halt io option optioncheck options optiontable retry \
	     sources spelling text units
$(B)/fuzz/lines $(B)/tests/fuzz/lines: WRAP = \
	-Wl,--wrap=read,--wrap=poll,--wrap=open,--wrap=open64,--wrap=close

# Less is read at once, so that short inputs reach the ends of buffers.
$(B)/fuzz/tools/common/lines.o: LESS = -DLINES_BLOCK=16u
$(B)/fuzz/tools/bpool/logread.o: LESS = -DLOGREAD_FIRST=16u

# What needs libFuzzer is clang's.
FUZZ_CC = clang
FUZZ_SAN = -fsanitize=address,undefined -fno-sanitize-recover=all \
	   -fno-omit-frame-pointer
FUZZ_COMPILE = $(FUZZ_CC) -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -pthread \
	$(WARNINGS) -O1 -g $(LESS) $(FUZZ_SAN) -fsanitize=fuzzer-no-link
FUZZ_SUPPORT = quiet shmodel support
SECONDS = 30

$(B)/fuzz/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) $(TOOLS) -MMD -MP -MF $@.d -c -o $@ $<

$(FUZZ:%=$(B)/fuzz/%): $(B)/fuzz/%: $(B)/fuzz/tests/fuzz/%.o \
		$(FUZZ_SUPPORT:%=$(B)/fuzz/tests/fuzz/%.o)
	$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -pthread $(WRAP) -o $@ $^

# The same without it, for make check.
$(B)/tests/fuzz/%.o: tests/fuzz/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(TOOLS) -c -o $@ $<

$(FUZZ:%=$(B)/tests/fuzz/%): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o \
		$(FUZZ_SUPPORT:%=$(B)/tests/fuzz/%.o) $(B)/tests/fuzz/replay.o
	$(LINK) $(WRAP) -o $@ $^

define fuzz_modules
$(B)/fuzz/$(1): $(patsubst %,$(B)/fuzz/%.o,$(call modules,$(FUZZ_$(1))))
$(B)/tests/fuzz/$(1): $(call module_o,$(FUZZ_$(1)))
endef
$(foreach target,$(FUZZ),$(eval $(call fuzz_modules,$(target))))

# What the sanitizers and the fuzzer need is seen first.
fuzz:
	@mkdir -p $(B)/fuzz
	@echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void)' \
		'{ return 0; }' >$(B)/fuzz/there.c
	@$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -o $(B)/fuzz/there \
		$(B)/fuzz/there.c >/dev/null 2>&1 || { \
		echo 'fuzz: no $(FUZZ_CC) with libFuzzer here (Debian: clang and' \
		     'libclang-rt-dev)' >&2; exit 1; }
	@$(MAKE) --no-print-directory $(FUZZ:%=$(B)/fuzz/%)
	tests/fuzz/run $(SECONDS) $(B)/fuzz $(FUZZ)

fuzz-mutants: $(FUZZ:%=$(B)/fuzz/%)
	tests/fuzz/mutants $(B) $(SECONDS)

# The kept inputs, by any compiler.
check-fuzz: $(FUZZ:%=$(B)/tests/fuzz/%)
	@echo 'kept inputs of the fuzzers:'
	@tests/fuzz/run replay $(B)/tests/fuzz $(FUZZ)

# ---- Chaos --------------------------------------------------------------------------

CHAOS = $(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(CPPFLAGS) -O2 -g

$(B)/chaos/stage: tests/chaos/stage.c $(B)/flags
	@mkdir -p $(@D)
	$(CHAOS) -o $@ $<

$(B)/chaos/clock.so: tests/chaos/clock.c $(B)/flags
	@mkdir -p $(@D)
	$(CHAOS) -fPIC -shared -nostdlib -o $@ $<

# SEED=N: as it was with that; ONLY='NAME...': those scenarios.
chaos: all $(B)/chaos/stage $(B)/chaos/clock.so
	tests/chaos/run $(CURDIR)/$(B)/bpool $(CURDIR)/$(B)/chaos '$(SEED)' $(ONLY)

chaos-mutants: all $(B)/chaos/stage $(B)/chaos/clock.so
	tests/chaos/mutants $(B) $(ONLY)

deps:
	tools/deps

# ---- The manual pages for a browser ---------------------------------------------------

html:
	tools/manhtml $(B)/html docs/man.css $(VERSION) $(MAN1) $(MAN3)

# ---- Installing --------------------------------------------------------------------

MAN1 = $(wildcard docs/man/*.1)
# Without that of a command that is not installed.
MAN1_HERE = $(if $(BPOOL_QUEUE),$(MAN1),$(filter-out %/bpool-queue.1,$(MAN1)))
MAN3 = $(wildcard docs/man/*.3)
D = $(DESTDIR)

install: all
	$(INSTALL) -d $(D)$(bindir) $(D)$(libdir) $(D)$(includedir) \
		$(D)$(pkgconfigdir) $(D)$(mandir)/man1 $(D)$(mandir)/man3
	$(INSTALL) -m 755 $(B)/bpool $(BPOOL_QUEUE) $(D)$(bindir)
	$(INSTALL) -m 755 $(SHARED) $(D)$(libdir)/$(notdir $(SHARED))
	ln -sf $(notdir $(SHARED)) $(D)$(libdir)/$(SONAME)
	ln -sf $(SONAME) $(D)$(libdir)/libboundpool.so
	$(INSTALL) -m 644 $(STATIC) $(D)$(libdir)/libboundpool.a
	$(INSTALL) -m 644 include/boundpool.h include/boundpool.hpp $(D)$(includedir)
	$(INSTALL) -m 644 $(B)/boundpool.pc $(D)$(pkgconfigdir)/boundpool.pc
	$(INSTALL) -d $(D)$(cmakedir)
	$(INSTALL) -m 644 $(B)/boundpool-config.cmake $(B)/boundpool-config-version.cmake \
		$(D)$(cmakedir)
	$(if $(MAN1_HERE),$(INSTALL) -m 644 $(MAN1_HERE) $(D)$(mandir)/man1)
	$(if $(MAN3),$(INSTALL) -m 644 $(MAN3) $(D)$(mandir)/man3)
	tools/manlinks make $(D)$(mandir)/man3 $(MAN3)
	$(INSTALL) -d $(D)$(bashdir) $(D)$(zshdir) $(D)$(fishdir)
	$(INSTALL) -m 644 tools/completions/bpool.bash $(D)$(bashdir)/bpool
	$(if $(BPOOL_QUEUE),ln -sf bpool $(D)$(bashdir)/bpool-queue)
	$(INSTALL) -m 644 tools/completions/_bpool $(D)$(zshdir)
	$(INSTALL) -m 644 tools/completions/bpool.fish \
		$(if $(BPOOL_QUEUE),tools/completions/bpool-queue.fish) $(D)$(fishdir)

uninstall:
	rm -f $(D)$(bindir)/bpool $(D)$(bindir)/bpool-queue $(D)$(includedir)/boundpool.h \
		$(D)$(includedir)/boundpool.hpp \
		$(D)$(pkgconfigdir)/boundpool.pc $(D)$(cmakedir)/boundpool-config.cmake \
		$(D)$(cmakedir)/boundpool-config-version.cmake \
		$(D)$(bashdir)/bpool $(D)$(bashdir)/bpool-queue $(D)$(zshdir)/_bpool \
		$(D)$(fishdir)/bpool.fish $(D)$(fishdir)/bpool-queue.fish \
		$(addprefix $(D)$(libdir)/,$(notdir $(SHARED)) $(SONAME) \
			libboundpool.so libboundpool.a) \
		$(addprefix $(D)$(mandir)/man1/,$(notdir $(MAN1))) \
		$(addprefix $(D)$(mandir)/man3/,$(notdir $(MAN3)))
	tools/manlinks remove $(D)$(mandir)/man3 $(MAN3)
	rmdir $(D)$(cmakedir) 2>/dev/null || :

check-install: all
	+tests/install $(B)

check-reproducible:
	tests/reproducible

# Debian's packages, of the tarball.
check-deb:
	tests/packaging

deb:
	tools/packaging/deb build/deb

check-abi: $(SHARED)
	tests/abi $(SHARED)

# What programs that were linked before rely on, kept.
abi: $(SHARED)
	tests/abi --keep $(SHARED)

# What is committed, the same byte for byte each time.
TARBALL = build/boundpool-$(VERSION).tar.gz
dist:
	@git rev-parse --git-dir >/dev/null 2>&1 || \
		{ echo 'dist: made of the repository, and this is none' >&2; exit 1; }
	@mkdir -p build
	git archive --prefix=boundpool-$(VERSION)/ HEAD | gzip -n >$(TARBALL)

# The tarball has all that its tests want.
check-dist: dist
	rm -rf build/dist
	mkdir -p build/dist
	tar -C build/dist -xzf $(TARBALL)
	+$(MAKE) --no-print-directory -C build/dist/boundpool-$(VERSION) check
	rm -rf build/dist

clean:
	rm -rf build

-include $(wildcard $(B)/*.d $(B)/*/*.d $(B)/*/*/*.d $(B)/*/*/*/*.d $(B)/*/*/*/*/*.d)

FORCE:
.PHONY: all no-libnats help check check-unit check-cluster measure bench bench-cli bench-queue \
	simulate explore torture torture-library deps html install uninstall check-install \
	check-reproducible check-abi abi check-deb deb dist check-dist clean lint check-fuzz fuzz \
	fuzz-mutants chaos \
	chaos-mutants coverage memcheck helgrind FORCE
