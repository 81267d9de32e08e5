PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made

.DEFAULT_GOAL := help
.PHONY: help setup lock

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 10

setup: $(STAMP) ## Make the environment .venv (nothing to do when nothing changed)

$(STAMP): pyproject.toml requirements-setup.lock requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Rostrum needs Python 3.11 or newer: install one, or name one with 'make setup PYTHON=python3.12'." >&2; exit 1; }
	@echo "Setting up .venv ..."
	@$(BIN)/uv --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-setup.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@touch $@

# Without annotations or addresses a lock says the same on every machine, whichever mirror it was made with.
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links

lock: ## Lock the newest releases of all dependencies again
	$(BIN)/uv $(COMPILE) --upgrade --group setup --output-file requirements-setup.lock
	$(BIN)/uv $(COMPILE) --upgrade --group dev --output-file requirements-dev.lock pyproject.toml
	$(BIN)/uv $(COMPILE) --upgrade --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
