# Every target does its own set-up: a fresh machine needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo run test coverage check bench prove lock format clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    try the shop in your browser, no token and no key needed"
	@echo "make test    the whole test suite"
	@echo "make run     the bot, with the settings of .env"
	@echo "make check   lint, types and import rules"
	@echo "make bench   what it costs, beside its floors"
	@echo "make prove   the fault matrix and a long random run, written to docs/proof.md"

# Locked files are installed as they are: nothing is resolved, so a later release of a dependency changes nothing, and
# `pip check` says whether what is locked fits together. The environment is made anew whenever the lock has changed.
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install -qq --no-deps --require-hashes
FITS := $(PIP) check > /dev/null 2>&1 || $(PIP) check

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Installing what the bot needs (once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) -r requirements.txt
	@$(FITS)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need (once) ..."
	@$(INSTALL) -r requirements-dev.txt
	@$(FITS)
	@touch $@

demo: $(VENV)/run.stamp
	@$(BIN)/python -m bot demo

run: $(VENV)/run.stamp
	@$(BIN)/python -m bot

# Three at once: many tests wait for processes and timers more than they compute.
test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest -n 3 --dist loadgroup

# The same tests, and which lines they reach: tracing takes half as long again.
coverage: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest --cov -n 3 --dist loadgroup

check: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench

# RANDOM_SECONDS: how long hard times are; RANDOM_SEED repeats one run of them, 0 takes any.
RANDOM_SECONDS ?= 300
RANDOM_SEED ?= 0
prove: $(VENV)/dev.stamp
	@rm -f test-output/matrix.jsonl test-output/random.jsonl
	@mkdir -p test-output
	@MATRIX_REPORT=test-output/matrix.jsonl RANDOM_REPORT=test-output/random.jsonl RANDOM_SECONDS=$(RANDOM_SECONDS) RANDOM_SEED=$(RANDOM_SEED) \
		$(BIN)/python -m pytest -n 3 tests/faults/test_matrix.py tests/faults/test_naive_clients.py tests/faults/test_random_run.py
	@$(BIN)/python -m tests.chaos.proof_page

# Writes the pinned requirements anew; hashes, no addresses.
lock: $(VENV)/dev.stamp
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q requirements.in -o requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade
	@$(BIN)/uv pip compile -q requirements-dev.in -c requirements.txt -o requirements-dev.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage .import_linter_cache
