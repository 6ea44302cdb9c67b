# Everything one does with this repository. `make` alone lists it.

STACK ?= demo-dev
NODES ?= simulated
# Python that makes the virtual environment; found on PATH unless given.
PYTHON ?=

# Some containers and service units do not name the home directory, but the system knows it.
USER_HOME := $(or $(HOME),$(shell { eval "cd ~$$(id -un)" && pwd; } 2>/dev/null))
TOOL_CACHE := $(or $(MLOPS_TOOL_CACHE),$(or $(XDG_CACHE_HOME),$(USER_HOME)/.cache)/mlops-sandbox)
VENV := .venv/bin
INSTALLED := .venv/.installed
CANDIDATES := python3.13 python3.12 python3.11 python3.14 python3 python
UV_VERSION = $(shell sed -n 's/^uv==\([^ ]*\).*/\1/p' bootstrap.lock)
# Installers keep their caches, and what they forget to remove, in the tool cache.
INSTALL_ENV := UV_CACHE_DIR="$(TOOL_CACHE)/uv" PIP_CACHE_DIR="$(TOOL_CACHE)/pip" \
	TMPDIR="$(TOOL_CACHE)/tmp" VIRTUAL_ENV="$(CURDIR)/.venv" PIP_DISABLE_PIP_VERSION_CHECK=1

# Bytecode is kept, but not among the sources: without it each of the many processes would compile
# the SDKs anew, and `make check` would take twice as long.
RUN := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX="$(CURDIR)/.venv/bytecode" \
	$(VENV)/python -m

.DEFAULT_GOAL := help
.PHONY: help setup up down status test check schema lock clean

help: ## List what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make up STACK=demo-dev    a stack that has a file in stacks/"

setup: $(INSTALLED) ## Make .venv with every dependency locked; the other targets do it too

$(INSTALLED): requirements.lock bootstrap.lock pyproject.toml components/pyproject.toml
	@mkdir -p "$(TOOL_CACHE)/tmp" 2>/dev/null \
	  && test -w "$(TOOL_CACHE)" && test -w "$(TOOL_CACHE)/tmp" || { \
	  echo "Error: the tool cache $(TOOL_CACHE) cannot be written; set MLOPS_TOOL_CACHE to a" \
	    "directory that you own." >&2; exit 1; }
	@.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  for python in $(or $(PYTHON),$(CANDIDATES)); do \
	    "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	      2>/dev/null && break; python=; \
	  done; \
	  test -n "$$python" || { \
	    echo "Error: Python 3.11 or later with its venv module is needed, and none of" \
	      "$(or $(PYTHON),$(CANDIDATES)) is one; install it or say where it is:" \
	      "make setup PYTHON=/path/to/python3.12" >&2; exit 1; }; \
	  echo "Making .venv with $$("$$python" --version)"; \
	  "$$python" -m venv --clear .venv; }
	@echo "Installing what requirements.lock lists"
	@$(VENV)/uv --version 2>/dev/null | grep -q " $(UV_VERSION) *" || { \
	  $(VENV)/python -m ensurepip > /dev/null; \
	  $(INSTALL_ENV) $(VENV)/python -m pip install --quiet --require-hashes -r bootstrap.lock; }
	@$(INSTALL_ENV) $(VENV)/uv pip sync --quiet --require-hashes requirements.lock
	@$(INSTALL_ENV) $(VENV)/uv pip install --quiet --no-deps --no-build-isolation \
	  --editable . --editable components
	@touch $@

up: setup ## Bring the environment up on this machine
	@$(RUN) sandbox up --nodes "$(NODES)" -- "$(STACK)"

down: setup ## Stop and remove all that `make up` made
	@$(RUN) sandbox down

status: setup ## Show what of it runs
	@$(RUN) sandbox status

test: setup ## Run every test, the real engine included
	@$(RUN) sandbox tools || true # the tests that lack a program say so at the end
	@$(RUN) pytest --numprocesses 4

check: setup ## Run what is quick: format, lint, types, tests without the engine
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/ruff check --quiet .
	@$(VENV)/mypy
	@$(RUN) pytest --quiet --numprocesses auto -m "not engine"

schema: setup ## Write what is made from the models: schemas of stack files, table of all keys
	@$(VENV)/python -m infra.config.schema

lock: setup ## Choose versions anew for what requirements.in asks
	@$(INSTALL_ENV) $(VENV)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --output-file requirements.lock requirements.in
	@grep -A99 '^uv==' requirements.lock | awk 'NR > 1 && /^[a-z]/ { exit } { print }' > bootstrap.lock

clean: down ## Remove the virtual environment and every cache too, except the tool cache
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis ./*.egg-info components/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
