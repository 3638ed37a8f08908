# `make run` and `make test` do everything on a machine with Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000
T ?=

.PHONY: help setup setup-dev run test coverage test-postgres soak audit fuzz-api bench lint messages types imports lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The lock is whole (hashes, extras too), so pip has nothing to choose: a release of today cannot
# break an installation.
setup: $(VENV)/.run ## prepare .venv with what the product needs

setup-dev: $(VENV)/.dev ## prepare .venv with what tests and tools need too

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Factdeck needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run | $(BIN)/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

run: setup ## migrate, seed and serve on http://$(HOST):$(PORT)
	@HOST=$(HOST) PORT=$(PORT) $(BIN)/factdeck serve

test: setup-dev ## lint, types, imports and every test (T=path runs that part alone)
ifeq ($(T),)
	$(MAKE) --no-print-directory -j 2 lint types imports
	$(BIN)/python -m pytest -n 3 --dist worksteal tests
else
	$(BIN)/python -m pytest $(T)
endif

coverage: setup-dev ## the tests once more, and which lines and branches none of them reaches (65 % more work)
	$(BIN)/python -m pytest -n 3 --dist worksteal --cov=app --cov-branch --cov-report=term:skip-covered tests

test-postgres: setup-dev ## the tests of services and pages again, on PostgreSQL
	FACTDECK_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 3 --dist worksteal tests/services tests/web

soak: setup-dev ## for hours: 1,000 kills, full disks, long queues (KILLS=n for fewer)
	$(BIN)/python -m tests.durability.soak

fuzz-api: setup-dev ## ask the API whatever its description allows, and what it does not (EXAMPLES=n of each)
	FACTDECK_API_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest -n 0 tests/web/test_api_described.py

bench: setup-dev ## measure: figures as ratios within one run
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.proposals
	$(BIN)/python -m benchmarks.memory_pages
	$(BIN)/python -m benchmarks.statistics 50000
	$(BIN)/python -m benchmarks.simulation 2
	$(BIN)/python -m benchmarks.planning 2
	$(BIN)/python -m benchmarks.deadline 2
	$(BIN)/python -m benchmarks.interchange
	$(BIN)/python -m benchmarks.serving
	$(BIN)/python -m benchmarks.request_cpu
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.anki_engine
	$(BIN)/python -m benchmarks.growth

lint: setup-dev ## ruff's rules and formatting
	$(BIN)/ruff check app tests migrations benchmarks
	$(BIN)/ruff format --check app tests migrations benchmarks

messages: setup-dev ## bring the catalogues up to the code's messages (docs/translating.md)
	$(BIN)/pybabel --quiet extract --mapping-file app/translations/babel.cfg --keyword lazy_gettext --keyword say --keyword say_many:1,2 \
		--no-location --no-wrap --sort-output --omit-header --project Factdeck --output-file app/translations/messages.pot app
	$(BIN)/pybabel --quiet update --input-file app/translations/messages.pot --output-dir app/translations --no-wrap --omit-header --no-fuzzy-matching --ignore-obsolete

types: setup-dev ## mypy --strict on app/
	$(BIN)/mypy

imports: setup-dev ## the doors between the rooms
	$(BIN)/lint-imports

audit: setup-dev ## bandit on our code, and known flaws of the packages (asks the network, if there is one)
	$(BIN)/bandit --quiet --recursive app --severity-level high
	$(BIN)/uv tool run pip-audit --requirement requirements/run.txt --disable-pip --require-hashes --progress-spinner off \
		|| { $(BIN)/uv tool run pip-audit --version >/dev/null 2>&1 && exit 1; echo "No network: the packages were not audited."; }

lock: setup-dev ## lock the dependencies again, with hashes
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --extra build -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --extra build --extra dev -o requirements/dev.txt

clean: ## remove what the tools made; never the instance
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
