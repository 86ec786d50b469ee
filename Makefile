# Everything a developer does with the project; `make` alone lists it.
# Needs GNU make and any Python 3 to begin with; Python 3.11 and 3.10 are found through pyenv, the PATH or uv.

PYTHON ?= python3
BOT := .venv/bin/python -m bot
UV := .venv/bin/uv
CODE := bot actions examples scripts tests

.DEFAULT_GOAL := help
.PHONY: help environments environments-dev run train seed test bench-nlu bench-retrieval fuzz test-services lint format upgrade clean

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: environments  ## Make whatever is missing and run the whole system until Ctrl-C
	@$(BOT) run

train: environments  ## Train the Rasa model and build the knowledge index, if they are not up to date
	@$(BOT) train

seed: environments  ## Fill the demo bank and the demo agents
	@$(BOT) seed

test: environments-dev  ## Run everything that needs no external server
	@$(BOT) train
	.venv/bin/python -m pytest -n 2 --dist loadgroup -m "not services"

bench-nlu: environments  ## Measure how long Rasa takes to parse a message over HTTP
	@$(BOT) evaluate nlu-latency

bench-retrieval: environments  ## Measure flat, HNSW and IVF indexes of 10⁴, 10⁵ and 10⁶ vectors; an hour, 4 GB
	@$(BOT) evaluate vectors

fuzz: environments-dev  ## Fuzz the API, the parsers and the conversations with FUZZ_TIMES (20) times as many random examples
	FUZZ_TIMES=$(or $(FUZZ_TIMES),20) .venv/bin/python -m pytest -n 2 tests/fuzz

test-services: environments-dev  ## Run the suites of the stores again on TEST_DATABASE_URL and TEST_REDIS_URL
	@test -n "$(TEST_DATABASE_URL)" -a -n "$(TEST_REDIS_URL)" || { echo "test-services: set TEST_DATABASE_URL \
	(postgresql://user@host/database, emptied by the tests) and TEST_REDIS_URL (redis://host)" >&2; exit 2; }
	.venv/bin/python -m pytest -m services

lint: environments-dev  ## Check style, format and types
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy

format: environments-dev  ## Put the code into the common format and mend what can be mended
	.venv/bin/ruff format $(CODE)
	.venv/bin/ruff check --fix $(CODE)

environments:  ## Make .venv (Python 3.11) and .venv-rasa (Python 3.10), or bring them up to date
	@$(PYTHON) scripts/environments.py

environments-dev:
	@$(PYTHON) scripts/environments.py --dev

upgrade: environments  ## Lock the newest allowed version of every library (make test afterwards)
	$(UV) pip compile --upgrade requirements/app.in --override requirements/app-leave-out.txt \
		--python-version 3.11 --no-header --quiet --output-file requirements/app.txt
	$(UV) pip compile --upgrade requirements/dev.in --python-version 3.11 --no-header --quiet \
		--output-file requirements/dev.txt
	$(UV) pip compile --upgrade requirements/rasa.in --override requirements/rasa-leave-out.txt \
		--python-version 3.10 --no-header --quiet --output-file requirements/rasa.txt

clean:  ## Remove what was built: models, logs and the development database (the environments stay)
	rm -rf models var .pytest_cache .mypy_cache .ruff_cache
	find bot actions tests -name __pycache__ -prune -exec rm -rf {} +
