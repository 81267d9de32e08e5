PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made

.DEFAULT_GOAL := help
.PHONY: help setup run test lint pictures fuzz bench lock clean

help: ## List what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

setup: $(STAMP) ## Make the environment .venv; nothing to do while nothing changed
	@echo "The environment .venv is ready."

$(STAMP): pyproject.toml requirements-setup.lock requirements-dev.lock package-lock.json front-end.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Rostrum needs Python 3.11 or newer: install one, or name one with 'make setup PYTHON=python3.12'." >&2; exit 1; }
	@echo "Setting up .venv ..."
	@$(BIN)/uv --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-setup.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@PATH="$(CURDIR)/$(BIN):$$PATH" ./front-end.sh
	@touch $@

run: $(STAMP) ## Serve the demonstration on http://127.0.0.1:8000
	@$(BIN)/rostrum demo

test: lint ## Run every check and all tests, on SQLite and on a PostgreSQL of their own
	@tests/browser/chromium.sh
	$(BIN)/pytest --numprocesses auto --dist worksteal

lint: $(STAMP) ## Run the checks that need no running: style, types, who imports whom
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

pictures: $(STAMP) ## Take pictures of every page and state, in a browser, into docs/pictures
	@tests/browser/chromium.sh
	@$(BIN)/python -m tests.browser.pictures $(PICTURES)

fuzz: $(STAMP) ## Send hostile requests to a real service as each role, on both databases: about eight minutes
	$(BIN)/python -m tests.fuzz $(FUZZ)

bench: $(STAMP) ## Measure everything against its limit and print a table: some minutes (docs/speed.md)
	@$(BIN)/python -m benchmarks

# Without annotations and addresses a lock reads the same whichever mirror it was made with.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-header --no-emit-index-url --no-emit-find-links
# npm can leave out where a part comes from (.npmrc), but not whom to pay for it.
STRIP := import json, pathlib, sys; file = pathlib.Path(sys.argv[1]); lock = json.loads(file.read_text()); \
  [part.pop("funding", None) for part in lock["packages"].values()]; \
  file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")

lock: $(STAMP) ## Lock the newest releases of all dependencies
	$(COMPILE) --group dev --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --group setup --output-file requirements-setup.lock
	$(COMPILE) --group npm --output-file requirements-npm.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --silent
	$(BIN)/python -c '$(STRIP)' package-lock.json

clean: ## Remove the environment and what the tools left; data under var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
