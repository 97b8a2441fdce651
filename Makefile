# Everything runs from .venv, which the first target that needs it makes.
#
#   make test ARGS=tests/test_dates.py    arguments for pytest; without workers then
#   make test PYTHON=/usr/bin/python3.12  another Python for .venv

# Candidates, best first; the first that is new enough makes .venv.
PYTHON ?= python3.13 python3.12 python3.11 python3.14 python3
ARGS   ?=

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Starting workers takes longer than a few tests do.
PYTEST := $(BIN)/pytest $(if $(ARGS),,--numprocesses auto --dist worksteal)

# Tests are made of assertions.
unexport PYTHONOPTIMIZE

# The sample book of `make demo`: never the user's own file.
DEMO := $(VENV)/demo.db

# Stamps: made when the packages were installed, stale when pyproject.toml changes.
RUNTIME := $(VENV)/.installed
DEV     := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test quick coverage check lint types imports reference changelog bench \
  docs format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(DEV) ## Make .venv with everything that development needs

demo: $(RUNTIME) ## Load the sample book into a file of its own and look around
	@rm -f $(DEMO)
	@ACCTCLI_CONFIG=$(DEMO).toml $(BIN)/acct demo $(DEMO) >/dev/null
	@for command in "today" "account show greentech" "deal forecast"; do \
	  echo; echo "$$ acct $$command"; \
	  ACCTCLI_DB=$(DEMO) ACCTCLI_CONFIG=$(DEMO).toml $(BIN)/acct $$command --format table; \
	done

test: $(DEV) ## Run the tests on every core
	@$(PYTEST) $(ARGS)

quick: $(DEV) ## Run the tests that take no time: no killing, no races, no browser
	@$(PYTEST) -m 'not slow' $(ARGS)

coverage: $(DEV) ## Run the tests and say which lines they do not reach
	@$(PYTEST) --cov $(ARGS)

check: lint types imports reference changelog test ## Everything that must pass before a change goes in

lint: $(DEV) ## Check style and layout
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(DEV) ## Check types
	@$(BIN)/mypy

imports: $(DEV) ## Check that imports point one way
	@$(BIN)/lint-imports --no-logo

reference: $(DEV) ## Check that the documentation says what the program prints
	@$(BIN)/python docs/generate.py --check

changelog: ## Check that the changelog tells of the last change to the shapes of JSON and CSV
	@.ci/changelog

docs: $(DEV) ## Run the documentation's examples anew, write the command reference
	@$(BIN)/python docs/generate.py

bench: $(DEV) ## Measure start-up, scale and bulk work
	@$(BIN)/python -m bench.run $(ARGS)

format: $(DEV) ## Lay the code out, and fix what a tool can fix
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean: ## Remove everything that was made here, .venv too
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis \
	  .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An existing .venv is adopted as it is. A candidate is tried, not only looked up: a name
# may stand for a Python that is not there, and Debian ships Python without ensurepip.
# All of PYTHON is tried first: it may be one path with a space in it.
$(BIN)/python:
	@for python in "$(PYTHON)" $(PYTHON); do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$("$$python" --version)"; \
	    exec "$$python" -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "acctcli needs Python 3.11 or later with venv; none of these will do: $(PYTHON)" >&2; \
	echo "Install one (on Debian: apt install python3 python3-venv), or say where it is: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(RUNTIME): $(BIN)/python pyproject.toml
	@echo "Installing acctcli into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

# Groups of dependencies are read by pip from 25.1 on.
$(DEV): $(BIN)/python pyproject.toml
	@echo "Installing acctcli and its development tools into $(VENV)"
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install --editable . --group dev
	@touch $(RUNTIME) $@
