# `make demo` and `make test` do all the set-up on a fresh machine: Python >= 3.11 and make, no more.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NUMBA_READY := $(VENV)/.numba-ready
READY := $(VENV)/.ready
SPARK_READY := $(VENV)/.spark-ready

# Only what is imported is compiled, when it first is: a small part of what is installed. The pip that
# comes with Python 3.11 resolves for half a minute; a later one takes a third of that.
QUIETLY := --quiet --no-compile --disable-pip-version-check --constraint constraints.txt

# Byte code is kept whatever the caller prefers: tests start many interpreters, and each would
# compile the package anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-long test-spark lint types layers kernels unit bench equivalence fuzz docs site wheel clean

demo: $(READY)
	@$(BIN)/python -m ftaudit scan sample_data/clean --output ftaudit-out
	@echo
	@$(BIN)/python -m ftaudit gate ftaudit-out/manifest.json sample_data/clean --no-require-signature
	@echo
	@$(BIN)/python -m ftaudit fix sample_data/dirty --output ftaudit-fixed || test $$? -eq 1

# Installing and mypy keep one core busy each: kernels are compiled beside the one, and the tests begin
# beside the other. The tests take every core (CORES=1 for one).
CORES ?= auto

test:
	@$(MAKE) --no-print-directory -j 3 lint layers types kernels unit

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

kernels: $(NUMBA_READY)
	$(BIN)/python -m tests.kernels

unit: $(READY) kernels
	$(BIN)/pytest -n $(CORES) --dist worksteal -m "not long" --ignore tests/engines/spark

# Whole runs: pages, real data, brute force, damaged files, killed scans, checked kernels.
test-long: $(READY) kernels
	$(BIN)/pytest -n $(CORES) --dist worksteal -m long --ignore tests/engines/spark

# Spark and a Java of its own, half a gigabyte, and a store are installed for these tests alone.
test-spark: $(SPARK_READY)
	$(BIN)/pytest tests/engines/spark

bench: $(READY)
	$(BIN)/python -m tests.bench

equivalence: $(READY)
	$(BIN)/python tests/bench/equivalence.py

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz.driver 10000
	$(BIN)/python -m tests.fuzz.shapes 10000
	$(BIN)/python -m tests.fuzz.kills 200
	FTAUDIT_TEST_DEPTH=20 $(BIN)/pytest -n $(CORES) --dist worksteal tests

docs: $(READY)
	$(BIN)/python docs/reference.py

site: $(READY)
	$(BIN)/pip install $(QUIETLY) --editable '.[docs]'
	$(BIN)/python docs/build_site.py

# These two are all that the kernels need: tests/test_targets.py holds that.
$(NUMBA_READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("ftaudit needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(QUIETLY) --upgrade pip
	$(BIN)/pip install $(QUIETLY) numba msgspec
	@touch $(NUMBA_READY)

$(READY): $(NUMBA_READY)
	$(BIN)/pip install $(QUIETLY) --editable '.[dev]'
	@touch $(READY)

$(SPARK_READY): $(READY)
	$(BIN)/pip install $(QUIETLY) --editable '.[spark,spark-tests]'
	@touch $(SPARK_READY)

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf $(VENV) ftaudit-out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
