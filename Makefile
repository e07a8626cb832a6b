# `make` alone tells what there is. Everything runs in .venv, which is made when it is needed.
#
#     make PYTHON=/path/to/python3.12 run    with another interpreter (3.11 or newer)
#     make run ARGS="--port 8080"            with options for the command
#     make test ARGS="-k gift"               likewise

export PYTHON
ARGS =
FOLDER =
BIN = .venv/bin
# Where there is room, the tests' databases are in memory: the disk is a good part of each commit.
IN_MEMORY = $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'END { print $$4 }')" -gt 4000000 ] \
	&& echo PYTEST_DEBUG_TEMPROOT=/dev/shm)
# Three at a time on two cores: browsers, workers and clocks are waited for.
PYTEST = $(IN_MEMORY) $(BIN)/python -m pytest -n 3 --dist worksteal
ON_POSTGRES = QUIZAPP_TEST_DATABASE=postgresql
ALL_EXAMPLES = QUIZAPP_TEST_EXAMPLES=all
# What the two databases do most differently. With ARGS="-k ..." none of it may be left (5).
DIFFERENT = tests/test_postgres.py tests/test_db.py tests/test_migrations.py tests/evidence \
	tests/content/test_search.py tests/quiz/test_attempts.py
COMPILE = .tools/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL = help
.PHONY: help run import test test-postgres test-all torture lint format translations bench lock clean environment tools

help: ## Show this list
	@echo "make TARGET, where TARGET is one of"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: environment ## Set up what is missing and serve the application with its demonstration team
	$(BIN)/quizapp serve --setup $(ARGS)

import: environment ## Import a folder of procedures and question banks: make import FOLDER=...
	@test -n "$(FOLDER)" || { echo "make import FOLDER=path/to/the/files" >&2; exit 2; }
	$(BIN)/quizapp import "$(FOLDER)" $(ARGS)

test: tools ## Run the tests, less the slow ones
	$(PYTEST) -m "not slow" $(ARGS)
	$(ON_POSTGRES) $(PYTEST) -m "not slow" $(ARGS) $(DIFFERENT) || [ $$? = 5 ]

test-postgres: tools ## Run the tests of data and pages on PostgreSQL
	$(ON_POSTGRES) $(PYTEST) -m "not browser" $(ARGS)

test-all: tools ## Run all tests with all their examples, those of data and pages on PostgreSQL too
	$(ALL_EXAMPLES) $(PYTEST) $(ARGS)
	$(ON_POSTGRES) $(PYTEST) -m "not browser" $(ARGS) || [ $$? = 5 ]

torture: tools ## Break servers, databases and lines under load (QUIZAPP_KILLS=200 for long)
	$(BIN)/python -m pytest tests/torture $(ARGS)
	$(ON_POSTGRES) $(BIN)/python -m pytest -m slow tests/quiz/test_attempt_machine.py $(ARGS) || [ $$? = 5 ]

lint: tools ## Check style, types, templates and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet --allow-empty-input quizapp/templates
	$(BIN)/lint-imports --no-logo

format: tools ## Put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: tools ## Extract texts into the Portuguese catalogue and compile it
	$(BIN)/pybabel -q extract -F quizapp/translations/babel.cfg --no-default-keywords -k _ -k gettext \
		-k ngettext:1,2 -k lazy_gettext -k _l --no-location --sort-output -o .venv/messages.pot quizapp
	$(BIN)/pybabel -q update -i .venv/messages.pot -d quizapp/translations -l pt_BR \
		--ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d quizapp/translations -l pt_BR
	rm .venv/messages.pot

bench: tools ## Measure the speed of what people wait for
	$(BIN)/python -m bench $(ARGS)

lock: ## Write both lock files anew from setup.cfg, with newer versions where it lets them
	python3 -m pip install --quiet --upgrade --target .tools/uv uv
	printf 'setuptools>=80\n' | $(COMPILE) --upgrade - setup.cfg -o requirements.lock
	printf 'setuptools>=80\n' | $(COMPILE) --upgrade --extra dev -c requirements.lock - setup.cfg -o requirements-dev.lock

clean: ## Remove the environment and what the tools left; the data in instance/ stays
	rm -rf .venv .tools build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@bin/environment run

tools:
	@bin/environment dev
