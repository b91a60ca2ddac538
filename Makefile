# 码上办. Python 3.11 or newer and make are all that a machine needs.
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
CODE := server tests bench docs migrations/env.py wsgi.py
JOBS ?= 2

.PHONY: help run test sure hostile outages faults bench load lock format lint types floors drift templates pictures clean

help:  ## what can be asked for
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/run  ## the whole product on this machine, with demo people; Ctrl-C ends it
	@PORT=$(PORT) $(BIN)/python -m server.launch

test: .venv/dev  ## the whole suite on embedded PostgreSQL
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

sure: .venv/dev lint types floors drift templates test  ## everything that must hold before a change lands

hostile: .venv/dev  ## the sets of hostile input, reduced and whole
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/hostile
	$(BIN)/python -m pytest -n $(JOBS) --dist load -m hostile

faults: .venv/dev  ## races, kills and outages in their whole size, for an hour or more, as root
	$(BIN)/python -m pytest -m faults
	$(BIN)/python -m bench.faults $(FAULTS)

bench: .venv/dev  ## the figures, one JSON object a line, each beside what it is compared to
	$(BIN)/python -m bench

load: .venv/dev  ## loads on the real product for most of two hours: make load, or make load LOADS="steady --seconds 60"
	$(BIN)/python -m bench.load $(LOADS)

outages: .venv/dev  ## WeChat's bad days on a clock in hand
	$(BIN)/python -m bench.outages

format: .venv/dev  ## put the code into its one format
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lint: .venv/dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/python -m server.policy

types: .venv/dev
	$(BIN)/mypy

floors: .venv/dev
	$(BIN)/lint-imports

drift: .venv/dev
	$(BIN)/python -m tests.house.drift
	$(BIN)/python -m tests.house.migration_sql

templates: .venv/dev
	$(BIN)/djlint --check server/web/templates server/wechat/sandbox/templates
	$(BIN)/djlint --lint server/web/templates server/wechat/sandbox/templates

pictures: .venv/dev  ## the screenshots of README and help pages, made anew
	$(BIN)/python -m docs.take_pictures

lock: .venv/dev  ## pin what requirements*.in ask for, with hashes
	$(BIN)/uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:  ## forget the demo's data and every cache; the code stays
	rm -rf var out .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "码上办 needs Python 3.11 or newer; none was found."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
