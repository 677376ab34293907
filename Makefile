# Desmi: `make run` starts it, `make test` tests it. Everything is installed into this folder.
SHELL := /bin/bash
PYTHON ?= python3.11
UV := .venv-uv/bin/uv
APP := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup setup-dev run chat train vectors test check format benchmark public parse-time clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready .venv-rasa/.ready locales/.compiled ## build both environments from the pinned lists
setup-dev: setup .venv/.ready-dev ## also the tools for tests and checks

run: setup ## start Desmi: the staff console, and the bot with a token, otherwise the terminal chat
	@$(APP)/desmi run

chat: setup ## talk to Desmi in the terminal
	@$(APP)/desmi chat

train: setup ## train the model if data or config changed
	@$(APP)/desmi train

vectors: setup ## encode new training sentences once for everybody; writes nlu/vectors.npz
	@PYTHONPATH=. .venv-rasa/bin/python -m training.vectors

test: setup-dev ## run every check and test, from nothing
	@bash tests/run

check: setup-dev ## formatting, lint and types only
	@$(APP)/ruff format --check . && $(APP)/ruff check . && $(APP)/mypy

format: setup-dev ## format the code
	@$(APP)/ruff format . && $(APP)/ruff check --fix .

messages: setup ## bring the message catalogues up to date with the code and content
	@$(APP)/pybabel --quiet extract -F babel.cfg --no-default-keywords -k _ -k mark -k ngettext:1,2 -k pgettext:1c,2 \
		--no-location --sort-output --width 100 --project Desmi --version 0.1.0 -o locales/desmi.pot .
	@$(APP)/pybabel --quiet update -i locales/desmi.pot -d locales -D desmi --no-fuzzy-matching --ignore-obsolete \
		--width 100

benchmark: setup-dev .venv-template/.ready ## measure Desmi beside Rasa's template bot; writes docs/reports/speed.md
	@$(APP)/python -m benchmarks.telegram

public: .venv-benchmark/.ready ## measure the classifier beside nine others on other people's intents: SETS="NAME=FILE,FILE ..."
	@test -n "$(SETS)" || { echo 'Say which files: make public SETS="xSID=id.valid.conll,id.test.conll" (benchmarks/README.md).'; exit 1; }
	@.venv-benchmark/bin/python -m benchmarks.public_sets --write $(SETS)

parse-time: setup-dev .venv-benchmark/.ready ## time reading a message beside Rasa's default pipeline; writes docs/reports/parse_time.md
	@$(APP)/python -m benchmarks.parse_time --write

clean: ## remove the environments and the models (not your data)
	@rm -rf .venv .venv-rasa .venv-template .venv-benchmark .venv-uv models locales/.compiled

.venv-uv/.ready: env/uv.lock
	@command -v $(PYTHON) >/dev/null || { echo "Desmi needs Python 3.11 or a PYTHON=... that is one."; exit 1; }
	@$(PYTHON) -m venv --clear .venv-uv
	@.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r env/uv.lock
	@touch $@

.venv/.ready: env/app.lock pyproject.toml .venv-uv/.ready
	@echo "Installing Desmi's environment ..."
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes --compile-bytecode -r env/app.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: env/app-dev.lock .venv/.ready
	@echo "Installing the tools for tests ..."
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes --compile-bytecode -r env/app-dev.lock
	@touch $@

.venv-rasa/.ready: env/rasa.lock .venv-uv/.ready
	@echo "Installing Rasa's environment ..."
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv-rasa
	@VIRTUAL_ENV=.venv-rasa $(UV) pip sync --quiet --require-hashes --compile-bytecode env/rasa.lock
	@touch $@

.venv-template/.ready: env/rasa-template.lock .venv-uv/.ready
	@echo "Installing the template bot's environment, for the benchmark alone (1.7 GB) ..."
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv-template
	@VIRTUAL_ENV=.venv-template $(UV) pip sync --quiet --require-hashes --compile-bytecode env/rasa-template.lock
	@touch $@

.venv-benchmark/.ready: env/rasa-benchmark.lock .venv-uv/.ready
	@echo "Installing Rasa with TensorFlow and the encoder, for measurements alone (1.8 GB) ..."
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv-benchmark
	@VIRTUAL_ENV=.venv-benchmark $(UV) pip sync --quiet --require-hashes --compile-bytecode env/rasa-benchmark.lock
	@touch $@

locales/.compiled: .venv/.ready $(wildcard locales/*/LC_MESSAGES/*.po)
	@$(APP)/pybabel --quiet compile --domain desmi --directory locales --statistics 2>/dev/null || \
		$(APP)/pybabel compile --domain desmi --directory locales
	@touch $@
