# Everything that is made goes to $(NBA_PROPS_HOME), by default .nba_props/ here; `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
UV_VERSION := 0.13.8
SQL_FOLDERS := $(wildcard models analyses tests/gates)

.PHONY: help setup demo serve report serve-report test browser prove lint format docs schemas lock clean bigquery-live bigquery-season bigquery-scale bigquery-table

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: $(INSTALLED) profiles.yml  ## create .venv from the locked pins, and profiles.yml

# uv installs in seconds what takes pip minutes; where it cannot be had, pip does the same work.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 setup")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); then \
		echo "installing with uv"; \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .; \
	else \
		echo "installing with pip (uv $(UV_VERSION) cannot be had here)"; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .; \
	fi
	@touch $@

profiles.yml: profiles.yml.example
	@mkdir -p "$${NBA_PROPS_HOME:-.nba_props}"
	@test -f $@ || { cp $< $@; echo "profiles.yml: copied from profiles.yml.example"; }
	@touch $@

demo: setup  ## a simulated league over HTTP: loads, features, models, today's slate
	@$(BIN)/nba-props demo

serve: setup  ## let everything run by itself, on this machine, until ^C (docs/scheduling.md)
	@$(BIN)/nba-props serve

report: setup  ## the report as pages: tonight, players, games, record, health
	@$(BIN)/nba-props report

serve-report: setup  ## the same, served to this machine until ^C
	@$(BIN)/nba-props report --serve

test: setup  ## all quick tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not live"

browser: setup  ## the report in a headless Chromium, and its accessibility
	@$(BIN)/python -c 'import playwright, axe_playwright_python' 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check 'axe-playwright-python>=0.1.6,<0.2' 'playwright>=1.50,<2'
	@$(BIN)/python -m pytest -m browser

prove: setup  ## the long proofs, of which `make test` holds small versions
	@$(BIN)/python -m pytest -m slow

bigquery-season: setup  ## a real season on DuckDB and on the emulator of BigQuery, compared
	@$(BIN)/python -m pytest -m slow tests/bigquery/test_season.py -s

bigquery-live: setup  ## the wire suite against your own project (costs money): see docs/bigquery.md
	@$(BIN)/python -m pytest -m live tests/bigquery/test_live.py -s

bigquery-scale: setup  ## bytes and slots of a run at scale, from the warehouse of NBA_PROPS_HOME
	@$(BIN)/python tests/bigquery/scan_estimate.py --home "$${NBA_PROPS_HOME:-.nba_props}"

bigquery-table: setup  ## docs/bigquery-compared.md anew: model, suite, rows compared
	@counts=$$(mktemp -d); trap 'rm -rf "$$counts"' EXIT; \
		NBA_PROPS_COMPARED="$$counts" $(BIN)/python -m pytest -n 2 --dist loadfile \
			$(addprefix tests/bigquery/test_,oracle.py wire.py unit_tests_bigquery.py); \
		$(BIN)/python tests/bigquery/compared.py "$$counts"

lint: setup  ## ruff, a parse with deprecations as errors, sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; export NBA_PROPS_HOME="$$home"; \
		$(BIN)/dbt --quiet --warn-error-options '{"error": ["Deprecations"]}' parse --target-path "$$home/target"; \
		PYTHONWARNINGS=ignore $(BIN)/sqlfluff lint --processes 2 --disable-progress-bar $(SQL_FOLDERS)

format: setup  ## ruff format and its safe fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: setup  ## the dbt docs as one page
	@$(BIN)/nba-props docs

schemas: setup  ## the JSON Schemas of the published files anew, from the contracts of the reports
	@$(BIN)/python -c "from flows.published_files.contracts import main; main()"

lock: setup  ## requirements.lock anew from pyproject.toml: pins and hashes, no addresses
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.lock pyproject.toml

clean:  ## remove .venv and caches; warehouses and models stay
	@rm -rf $(VENV) .pytest_cache .ruff_cache build *.egg-info
