# The only build logic. Adding a file or a test is creating it; adding a service
# is a directory with a service.mk. `make help` lists the targets.
MODE ?= release
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
B := build/$(MODE)
GEN := build/gen
Q := $(if $(V),,@)

# --- what there is -----------------------------------------------------------
find-c = $(if $(wildcard $1),$(sort $(shell find $1 -name '*.c')))
is-test = $(foreach t,$1,$(if $(filter test_%,$(notdir $t)),$t))
services := $(patsubst services/%/service.mk,%,$(wildcard services/*/service.mk))
include $(services:%=services/%/service.mk)
gen.h := $(patsubst proto/%.proto,$(GEN)/%.pb-c.h,$(wildcard proto/*.proto))
sources := $(call find-c,common $(services:%=services/%))
test.c := $(foreach d,unit service bench fuzz,$(call find-c,tests/$d))
test := $(test.c:%.c=$B/%)
unit := $(call is-test,$(filter $B/tests/unit/%,$(test)))
service := $(call is-test,$(filter $B/tests/service/%,$(test)))
bench := $(patsubst %.c,$B/%,$(wildcard tests/bench/*.c))
bench.lib := $(patsubst %.c,$B/%.o,$(wildcard tests/bench/lib/*.c))
fuzz := $(filter $B/tests/fuzz/fuzz_%,$(test))
program = $(or $($1.bin),trestle-$1)
bins := $(foreach s,$(services),$(if $(wildcard services/$s/main.c),$B/bin/$(call program,$s)))

# --- flags -------------------------------------------------------------------
mode.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
mode.debug := -O0 -g3
mode.asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
mode.tsan := -O1 -g -fsanitize=thread
mode.cov := -O0 -g --coverage
mode.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
$(if $(mode.$(MODE)),,$(error MODE is release, debug, asan, tsan, fuzz or cov))
ifeq ($(MODE),fuzz)
CC := clang
endif
CPP = -D_GNU_SOURCE -Icommon $(inc) -I$(GEN) $(pkg)
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Werror \
	$(if $(findstring /core/,$<)$(findstring /twiml/,$<),-Wconversion)
BUILD = -std=c11 -fPIE $(mode.$(MODE)) $(CFLAGS)
LINK = -pie -Wl,--as-needed,-z,relro,-z,now $(mode.$(MODE)) $(LDFLAGS)
WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup

common.pkgs := hiredis jansson libczmq libzmq libprotobuf-c libmicrohttpd libcrypto
common.loop := epoll
su.pkgs := sofia-sip-ua
pkg-cflags = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $1))
pkg-libs = $(shell pkg-config --libs $1) -lpthread -lm
pkg := $(call pkg-cflags,$(common.pkgs))
inc := -Itests

# --- rules -------------------------------------------------------------------
.PHONY: all
all: $(bins) $B/common.a $(patsubst %.c,$B/%.o,$(wildcard common/loop/*.c))
.SECONDARY:
.DELETE_ON_ERROR:

$(GEN)/%.pb-c.c $(GEN)/%.pb-c.h: proto/%.proto
	@mkdir -p $(GEN)
	$(Q)$(or $(shell command -v protoc-c),protoc) --c_out=$(GEN) -Iproto $<
$B/gen/%.o: $(GEN)/%.c | $(gen.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BUILD) -MMD -MP -w -I$(GEN) -c -o $@ $<
$B/%.o: %.c | $(gen.h)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC    $@")
	$(Q)$(CC) $(CPP) $(BUILD) $(WARN) -MMD -MP -c -o $@ $<
$B/%.tidy: %.c $B/%.o .clang-tidy tests/.clang-tidy
	$(if $(V),,@echo "  TIDY  $<")
	$(Q)clang-tidy --quiet $< -- -std=c11 $(CPP) >$@.log 2>&1 || \
		{ cat $@.log; exit 1; }
	@touch $@
$B/%.a:
	$(Q)mkdir -p $(@D) && rm -f $@ && $(AR) rcs $@ $^
define ld
	$(if $(V),,@echo "  LD    $@")
	$(Q)mkdir -p $(@D) && $(CC) $(LINK) -o $@ $^ $1
endef

$B/common.a: $(patsubst %.c,$B/%.o,$(filter-out common/loop/loop_%.c,$(filter \
	common/%,$(sources)))) $(gen.h:build/%.h=$B/%.o)
$B/bench.a: $(bench.lib)
$B/harness.a: $(patsubst %.c,$B/%.o,$(wildcard tests/service/*.c))
$B/common/loop/loop_su.% $B/common/sip/%: private pkg += $(call pkg-cflags,$(su.pkgs))
$B/common/twiml_bin/check.%: private pkg += $(call pkg-cflags,libxml-2.0)

# $1 is a service, or common. A test is one program: itself, the helpers beside
# it (not called test_*), and everything of its service but main.c.
objects = $(patsubst %.c,$B/%.o,$(filter-out %/main.c,$(filter $1/%,$(sources))))
helpers = $(addsuffix .o,$(filter-out $(unit) $(service),$(filter $B/$1/%,$(test))))
in = $(foreach d,$1,$B/$d%)
define rules
$1.all := $(sort $(common.pkgs) $($1.pkgs) $($($1.loop).pkgs))
$1.cflags := $$(call pkg-cflags,$$($1.all))
$1.end := $($1.libs) $$(call pkg-libs,$$($1.all))
$1.a := $(if $(filter-out common,$1),$B/services/$1.a) \
	$B/common/loop/loop_$($1.loop).o $B/common.a
$(call in,services/$1/ tests/unit/$1/ tests/service/$1/ tests/fuzz/fuzz_$1__ \
	tests/bench/$1__): private pkg = $$($1.cflags)
$(call in,services/$1/ tests/unit/$1/ tests/service/$1/ tests/fuzz/fuzz_$1__ \
	tests/bench/$1__): private inc = $(if $(filter-out common,$1),-Iservices/$1) \
	-Itests -DTRESTLE_BIN='"$(abspath $B/bin)"'
$B/services/$1.a: $(call objects,services/$1)
$B/bin/$(call program,$1): $B/services/$1/main.o $$($1.a)
	$$(call ld,$$($1.end))
$(filter $B/tests/unit/$1/%,$(unit)): %: %.o $(call helpers,tests/unit/$1) \
		$B/tests/unit/oom.o $$($1.a)
	$$(call ld,$$(WRAP) -lcmocka $$($1.end))
$(filter $B/tests/service/$1/%,$(service)): %: %.o \
		$(call helpers,tests/service/$1) $B/harness.a $$($1.a)
	$$(call ld,-lcmocka $$($1.end))
$(filter $B/tests/fuzz/fuzz_$1__%,$(fuzz)): %: %.o $$($1.a)
	$$(call ld,-fsanitize=fuzzer $$($1.end))
$(filter $B/tests/bench/$1__%,$(bench)): %: %.o $B/bench.a $$($1.a)
	$$(call ld,$$($1.end))
endef
$(foreach s,common $(services),$(eval $(call rules,$s)))
# the same test, on the other loop
$B/tests/unit/common/test_loop_su: $(patsubst %,$B/%,tests/unit/common/test_loop.o \
		tests/unit/oom.o common/loop/loop_su.o common.a)
	$(call ld,$(WRAP) -lcmocka $(call pkg-libs,$(common.pkgs) $(su.pkgs)))
unit += $B/tests/unit/common/test_loop_su
# A load generator uses nothing of ours but tests/bench/lib.
$(foreach b,$(bench),$(if $(findstring __,$b),,$b)): %: %.o $B/bench.a
	$(call ld,-lcrypto)
-include $(patsubst %.c,$B/%.d,$(sources) $(test.c)) $(wildcard $B/gen/*.d)

# --- targets -----------------------------------------------------------------
.PHONY: help deps test test-unit test-service test-functions test-e2e check \
	check-format check-pure tidy bench fuzz cov conformance run demo install \
	clean programs

## all: build every service (MODE=release|debug|asan|tsan|fuzz|cov)
## deps: install the Debian packages that are missing (deploy/packages.txt)
deps:
	@deploy/deps
programs: all $(unit) $(service)
## test: deps, then all tests; the last line counts
test: deps
	@$(MAKE) --no-print-directory programs
	@tests/run-suites $B unit service functions e2e
## test-unit, test-service, test-functions, test-e2e: one suite (T=name: part)
test-unit: $(unit)
	@tests/run-suites $B unit
test-service: all $(service)
	@tests/run-suites $B service
test-functions:
	@tests/run-suites $B functions
test-e2e: all
	@tests/run-suites $B e2e
## check: format, purity, warnings and clang-tidy: what a commit must pass
check: check-format programs $(bench) $(fuzz:=.o) check-pure tidy
## check-format: is everything as .clang-format has it?
check-format:
	@find common services tests -name '*.[ch]' | while read -r f; do \
		clang-format "$$f" | cmp -s - "$$f" || echo "clang-format -i $$f"; \
	done | { ! grep .; }
## check-pure: does any core/ reach for more than arithmetic and memory?
check-pure: $(call objects,services)
	@tests/check-pure $B
## tidy: clang-tidy over what changed since it last passed
tidy: $(patsubst %.c,$B/%.tidy,$(sources) $(filter-out tests/fuzz/%,$(test.c)))
## bench: run tests/bench/
bench: all $(bench)
	@tests/bench/run
## fuzz: each tests/fuzz/ target for FUZZ_SECONDS (60)
fuzz:
	@$(MAKE) --no-print-directory MODE=fuzz fuzz-run
fuzz-run: $(fuzz)
	@tests/fuzz/run $(FUZZ_SECONDS) $(fuzz)
## conformance: which operations of the published REST API are built
conformance: deps
	@$(MAKE) --no-print-directory all
	@tests/e2e/run api-conformance; cat build/e2e/conformance.txt
## cov: line coverage of unit and service tests
cov:
	@$(MAKE) --no-print-directory MODE=cov test-unit test-service
	@lcov -q -c -d build/cov -o build/cov/all.info
	@lcov -q -e build/cov/all.info '$(CURDIR)/common/*' \
		'$(CURDIR)/services/*' -o build/cov/lcov.info
	@lcov -l build/cov/lcov.info
## run: start everything on this machine
run: deps
	@$(MAKE) --no-print-directory all
	@deploy/run
## demo: start everything and place a call
demo: deps
	@$(MAKE) --no-print-directory all
	@tests/e2e/demo
## install: copy the programs to PREFIX/bin (/usr/local, DESTDIR is honoured)
install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(bins) $(DESTDIR)$(PREFIX)/bin
clean:
	rm -rf build
help:
	@sed -n 's/^## /make /p' Makefile
