# ecosys: learning statements, goal alignment and dependency walks in PostgreSQL.
# `make help` lists what there is to do. The version lives in ecosys.control only.

# These targets bring their own private PostgreSQL. They must work on a machine
# that has no pg_config yet, so they come instead of PGXS (which also defines a
# `check` of its own), not beside it.
PRIVATE_TARGETS = help demo check check-all bench

ifneq (,$(filter $(PRIVATE_TARGETS),$(MAKECMDGOALS)))

help:
	@sed -n 's/^#: //p' Makefile

demo:
	@test/harness/demo.sh
check:
	@test/harness/check.sh
check-all:
	@test/harness/check.sh --all
bench:
	@test/harness/bench.sh

.PHONY: $(PRIVATE_TARGETS)

else

EXTENSION = ecosys
MODULE_big = ecosys
ECOSYS_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" ecosys.control)

SOURCES := $(filter-out %_model_bytes.c src/client/%,$(sort $(wildcard src/*.c src/*/*.c)))
# The program `ecosys` and what it shares with the module.
CLIENT_SOURCES := $(sort $(wildcard src/client/*.c)) $(sort $(wildcard src/base/*.c))
CLIENT_OBJS = $(CLIENT_SOURCES:%.c=build/client/%.o)
MODELS := $(sort $(wildcard src/statement/*.model))
OBJS = $(SOURCES:.c=.o) $(MODELS:.model=_model_bytes.o)
INSTALL_SQL := $(sort $(wildcard sql/install/*.sql))
ECOSYSTEM_SQL := $(sort $(wildcard sql/ecosystem/*.sql))

DATA_built = build/ecosys--$(ECOSYS_VERSION).sql
DATA := $(wildcard sql/upgrade/ecosys--*.sql)
REGRESS := $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --load-extension=ecosys
ISOLATION := $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=ecosys
EXTRA_CLEAN = build $(SOURCES:.c=.d) $(MODELS:.model=_model_bytes.c) $(MODELS:.model=_model_bytes.d)

# -ffp-contract=off: states must be equal bit for bit on every road (no FMA).
PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -MMD -MP -std=gnu99 -Wextra -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers -Werror=implicit-function-declaration \
	-ffp-contract=off
SHLIB_LINK = -lzstd -lcrypto -lm $(EXTRA_LDFLAGS)

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq (,$(PGXS))
$(error no pg_config: install the PostgreSQL server headers (Debian: apt-get install postgresql-server-dev-15) or say PG_CONFIG=/path/to/pg_config; `make demo` installs all it needs)
endif
include $(PGXS)

# From 16 on, expected output has a folder option of its own.
ifneq (15,$(MAJORVERSION))
ISOLATION_OPTS += --expecteddir=test/isolation
endif

-include $(SOURCES:.c=.d)

all: build/bin/ecosys
install: install-client
uninstall: uninstall-client

build/client/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I$(srcdir)/src -I$(shell $(PG_CONFIG) --includedir) -I$(shell $(PG_CONFIG) --pkgincludedir) -DECOSYS_VERSION='"$(ECOSYS_VERSION)"' \
		$(CLIENT_CFLAGS) -c -o $@ $<
build/bin/ecosys: $(CLIENT_OBJS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(CLIENT_OBJS) $(EXTRA_LDFLAGS) -L$(shell $(PG_CONFIG) --libdir) \
		-lpq -lmicrohttpd -lcurl -lcrypto -lz -lpthread -lm
-include $(CLIENT_OBJS:.o=.d)

.PHONY: install-client uninstall-client
install-client: build/bin/ecosys
	$(MKDIR_P) '$(DESTDIR)$(bindir)'
	$(INSTALL_PROGRAM) build/bin/ecosys '$(DESTDIR)$(bindir)/ecosys'
uninstall-client:
	rm -f '$(DESTDIR)$(bindir)/ecosys'

# The install script is the sorted parts of sql/install; the marker line
# `-- @ecosystem-script@` in one of them is replaced by sql/ecosystem/*.sql, the
# text that create_ecosystem() runs.
build/ecosys--$(ECOSYS_VERSION).sql: $(INSTALL_SQL) $(ECOSYSTEM_SQL) ecosys.control
	@mkdir -p build
	cat $(ECOSYSTEM_SQL) > build/ecosystem.sql
	cat $(INSTALL_SQL) | sed -e '/^-- @ecosystem-script@$$/{r build/ecosystem.sql' -e 'd}' > $@

# A model is a binary file; the module carries it as an array.
%_model_bytes.c: %.model
	{ echo '#include "statement/statement_model.h"'; \
	  echo 'const unsigned char ecosys_$(notdir $*)[] = {'; \
	  od -An -v -tu1 $< | sed -e 's/  */,/g' -e 's/^,//' -e 's/$$/,/'; \
	  echo '};'; \
	  echo 'const unsigned int ecosys_$(notdir $*)_size = sizeof(ecosys_$(notdir $*));'; } > $@

endif

#: make            build the extension and the program `ecosys` (needs the PostgreSQL server headers; README.md lists all)
#: make install    install it and the program `ecosys`; then: CREATE EXTENSION ecosys;
#: make installcheck  run the regression and isolation tests against a running server
#: make demo       a whole ecosystem in a private throw-away PostgreSQL: SIZE=small|medium|large, KEEP=1 leaves it running
#: make check      all tests, in a private throw-away PostgreSQL
#: make check-all  the same and the long runs (sanitizers, fuzzers)
#: make bench      speed and size against plain PostgreSQL and another record store, as ratios
#: make clean      remove what was built
#: PG_CONFIG=…     picks the PostgreSQL, here and in all of the above
