# The two commands of the README are `make demo` and `make test`. Everything that they install goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo install test lint format types contracts tests docs clean

help:  ## Show what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: install  ## Set up, then grade the sample answer to question 9
	$(BIN)/coach grade examples/answer.md --q 9

install: $(VENV)/.stamp  ## Set up coach in .venv

test: lint types contracts tests  ## Set up, then lint, types, import contracts and tests

lint: $(VENV)/.stamp-dev  ## Lint, and check the format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.stamp-dev  ## Check the types
	$(BIN)/mypy

contracts: $(VENV)/.stamp-dev  ## Check who imports whom
	$(BIN)/lint-imports

tests: $(VENV)/.stamp-dev  ## Run the tests
	$(BIN)/python -m pytest -n $(WORKERS)

format: $(VENV)/.stamp-dev  ## Put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.stamp  ## Write the generated documents anew
	$(BIN)/python docs/make_cli.py

clean:  ## Remove what was installed and generated, the index too
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find index -mindepth 1 ! -name README.md -delete

# The stamps are older than what they depend on when something has to be installed anew.
$(VENV)/.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/.stamp-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.stamp

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'coach needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
