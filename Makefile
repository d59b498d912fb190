# Two commands: `make demo` plans the example works, `make test` checks everything. Both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT := out/demo
ENGINES := $(VENV)/.engines
COMPILED := $(shell grep -rlE 'njit|compiling' src --include='*.py')

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all check lint types layers engines tests doctests bench lock system clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## Make the virtual environment from requirements.lock

# uv where it is there, pip where it is not; both check every package's hash.
$(READY): requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(READY)

demo: $(ENGINES) ## Plan the switchgear works' week and write its report to out/demo
	@$(BIN)/juli plan examples/switchgear --time 60 --seed 1 --out $(OUT)

test: check ## Everything that must hold before a change lands

check: lint types layers tests ## ruff, mypy, import-linter, pytest with doctests, README commands and benchmark smoke runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports --no-cache

# Numba keeps compiled functions by their own file alone and doesn't see when one that they call has changed, which
# ends in a crash. So when any of those files is newer, all are compiled anew: a few minutes, which no test's own
# limit of time should pay for.
engines: $(ENGINES) ## Compile the engines, where any of them has changed

$(ENGINES): $(READY) $(COMPILED)
	@find src -name '*.nb[ic]' -delete
	@echo "compiling the engines"
	@$(BIN)/python -c "from juli.solve.joint.solving import load_joint_engines; load_joint_engines()"
	@touch $@

tests: $(READY) system $(ENGINES)
	$(BIN)/pytest -q -n 2 -m "not slow"

test-all: lint types layers system $(ENGINES) ## The same with the slow tests
	$(BIN)/pytest -q -n 2

# What tests want from Debian: a browser to open the report in, a PostgreSQL to keep plans in.
# Where it can't be had, the tests that need it are skipped and say so.
system:
	@missing=""; \
	command -v chromium >/dev/null 2>&1 || missing="$$missing chromium"; \
	[ -n "$$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$$missing postgresql"; \
	fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing="$$missing fonts-noto-cjk"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "installing for the tests:$$missing"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing ; } >/dev/null 2>&1 \
	      || echo "could not install$$missing: the tests that need it will be skipped"; \
	  else \
	    echo "not here:$$missing (apt-get install$$missing): the tests that need it will be skipped"; \
	  fi; \
	fi

bench: $(READY) ## Print the benchmark tables
	@for file in benchmarks/[a-z]*.py; do \
	  name=$$(basename $$file .py); echo "## $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; \
	done

lock: ## Renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --quiet pyproject.toml --universal --all-extras --generate-hashes --no-emit-index-url --upgrade \
	  --custom-compile-command "make lock" -o requirements.lock

clean: ## Remove the environment and everything made
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis
