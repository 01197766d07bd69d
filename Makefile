# Kokuho: `make help` lists what there is.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.ready
CATALOGUES := $(wildcard src/kokuho/base/locale/*/LC_MESSAGES/*.po)
COMPILED := .venv/.catalogues

.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml uv.lock scripts/assets.py package.json package-lock.json
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --frozen --inexact --quiet
	$(BIN)/python scripts/assets.py
	@touch $(STAMP)

$(COMPILED): $(STAMP) $(CATALOGUES) scripts/catalogues.py
	$(BIN)/python scripts/catalogues.py
	@touch $(COMPILED)

setup: $(STAMP) $(COMPILED) ## make the environment in .venv, fonts and messages included

demo: setup ## the whole chain on a fictional city, in under a minute
	$(BIN)/kokuho demo

system: ## Debian packages that some tests need, where we are root
	$(PYTHON) scripts/system.py

test: setup system ## all tests that CI runs
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup ## lint, format, types, imports between rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## compare our levy with its peers, in one run (makes an environment of its own)
	$(BIN)/python benchmarks/run.py

soak: setup system ## the slow tests at full size: 500 histories, 50 kills, 10,000 damaged files, a rehearsal of 21,000, 10 million claims
	KOKUHO_HISTORIES=500 KOKUHO_KILLS=50 KOKUHO_FULL_SIZE=1 KOKUHO_CLAIMS=10000000 $(BIN)/python -m pytest -m slow

wheels: setup ## the two wheels of an installation, kokuho and kokuho-fonts, in dist/
	$(BIN)/uv build --quiet --wheel --out-dir dist .
	$(BIN)/uv build --quiet --wheel --out-dir dist fonts

messages: $(COMPILED) ## compile the message catalogues

.PHONY: help setup system demo test check bench soak wheels messages
