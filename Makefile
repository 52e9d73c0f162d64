# `make` lists the targets. Each sets up what it needs in .venv and .tools; PYTHON names the Python to make .venv with.
PYTHON ?= python3
BIN := .venv/bin
SET_UP := $(PYTHON) tests/setup/environment.py
FRONTEND := $(BIN)/python tests/setup/frontend.py
# What pytest gets besides, e.g. make test PYTEST_ARGS="tests/domain -x"
PYTEST_ARGS ?=

# Bytecode is kept, also where PYTHONDONTWRITEBYTECODE is set: tests and the demo start Python dozens of times, and each
# would compile the whole project again.
export PYTHONDONTWRITEBYTECODE :=

# What judges a cluster's behaviour, then the journey through the dashboard on it. The many cases of the first, and the
# walks, keep a control plane so busy (its controllers may ask 20 times a second) that it tells of nothing else in time:
# the journey does not run beside them, and the walks come last, unless PYTEST_ARGS asks for something.
JUDGE := $(BIN)/python -m pytest --kubeconfig "$$KUBECONFIG"
ALL_CASES := tests/contract tests/clients tests/kubectl
ON_CLUSTER := $(if $(PYTEST_ARGS),$(JUDGE) -n 4 --dist loadfile $(ALL_CASES) tests/browser $(PYTEST_ARGS),\
  $(JUDGE) -n 4 --dist loadfile $(ALL_CASES) && $(JUDGE) -n 2 --dist loadfile tests/browser && $(JUDGE) tests/walks)

.DEFAULT_GOAL := help
.PHONY: help demo test check test-cluster bench screenshots frontend clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 15

demo: ## start the embedded cluster and the dashboard (Ctrl-C ends both)
	@$(SET_UP)
	@$(BIN)/stswidgets demo

# Three at a time also on two cores: a third of the time a test waits, for pods, kernels and browsers.
test: ## all tests that need no real cluster
	@$(SET_UP) test
	$(FRONTEND) test
	@$(BIN)/python tests/setup/chromium.py
	@$(BIN)/python tests/setup/kubectl.py
	$(BIN)/python -m pytest -n 3 --dist loadfile $(PYTEST_ARGS)

check: ## linters, types, import contracts, bundles, the wheel
	@$(SET_UP) test check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(FRONTEND) run check
	$(FRONTEND) run verify
	$(BIN)/python -m tests.checks.wheel
	$(BIN)/python -m tests.checks.imports

test-cluster: ## contract tests, other clients, browser journey and random walks on a real control plane (needs Go; the first build takes 15 minutes)
	@$(SET_UP) test
	@$(BIN)/python tests/setup/chromium.py
	$(BIN)/python -m tests.controlplane -- sh -c '$(ON_CLUSTER)'

bench: ## ratios against peers, in one run
	@$(SET_UP) test
	@$(BIN)/python tests/setup/chromium.py
	@$(BIN)/python tests/setup/kubectl.py
	$(BIN)/python -m tests.bench

screenshots: ## pictures of every page, light and dark, English and Chinese, wide and narrow, in screenshots/
	@$(SET_UP) test
	@$(BIN)/python tests/setup/chromium.py
	$(BIN)/python -m tests.browser.screenshots

frontend: ## build the front end's bundles
	@$(SET_UP) test
	$(FRONTEND) run build

clean: ## remove what the targets made (the cached control plane stays)
	rm -rf .venv .tools dist build screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache stswidgets/frontend/node_modules
