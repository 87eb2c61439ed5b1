# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
THREADS ?= 8
export HOST PORT WORKERS THREADS
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
KEYS := var/demo-keys.txt

.PHONY: help run test test-all fuzz drill lint contract-lint types bench openapi seeds lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.run-installed ## set everything up and serve it, with demonstration keys
	@$(FLASK) migrate
	@$(FLASK) seed load --first-only
	@$(FLASK) demo-keys $(KEYS)
	@sh tools/welcome.sh $(KEYS)
	@exec env DEMO_KEYS=$(KEYS) $(BIN)/gunicorn wsgi:app

test: $(VENV)/.dev-installed ## run the tests on SQLite and on PostgreSQL; in CI also what takes long
	@$(BIN)/python -m pytest -n auto $(ARGS)

test-all: export THOROUGH = 1
test-all: test ## run every test, also those that take long, each on both databases

fuzz: $(VENV)/.dev-installed ## send 5,000 made-up requests to each operation
	@export FUZZ_CASES=$${FUZZ_CASES:-5000} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)}; \
	echo "FUZZ_CASES=$$FUZZ_CASES FUZZ_SEED=$$FUZZ_SEED"; \
	exec $(BIN)/python -m pytest -n auto tests/test_fuzz.py $(ARGS)

drill: $(VENV)/.dev-installed ## kill it, crowd it, enter a year from paper, tamper with it
	@$(BIN)/python -m drills $(ARGS)
	@$(BIN)/python -m drills.tampering

lint: $(VENV)/.dev-installed ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

contract-lint: ## hold the contract to the linters of others (needs Node)
	@sh tools/lint/lint.sh

types: $(VENV)/.dev-installed ## check types
	@$(BIN)/mypy

bench: $(VENV)/.bench-installed ## measure, beside peers in the same run
	@$(BIN)/python -m benchmarks $(ARGS)

openapi: $(VENV)/.dev-installed ## write openapi/openapi.json anew, with its examples
	@$(BIN)/python -m tools.contract

seeds: $(VENV)/.run-installed ## check the curated records
	@$(FLASK) seed check --files-only

lock: ## write requirements/ anew (needs uv)
	@sh tools/lock.sh

clean: ## remove what was installed; the database in var/ stays
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache

$(VENV)/.%-installed: requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing requirements/$*.txt"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
