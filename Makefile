# `make help` lists the targets; each does its own set-up.
SHELL := /bin/sh
PY := .venv/bin/python
WORKERS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench bench-quick bench-wards bench-classifier bench-study bench-pii bench-clock bench-audit bench-recompute clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## virtual environment and install; quick when nothing changed
	@sh scripts/setup.sh

run: setup ## start everything with real PostgreSQL and Valkey, and play a demo; Ctrl-C stops
	@$(PY) -m feedback.launcher

test: setup ## every test, browser tests included (ARGS="…" goes to pytest)
	@sh scripts/chromium.sh
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: setup ## format, lint, types and import contracts
	@$(PY) -m ruff format --check --quiet . || { echo "check: run .venv/bin/ruff format ."; exit 1; }
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

bench: setup ## the whole benchmark
	@$(PY) -m benchmarks $(ARGS)

bench-quick: setup ## the benchmark in at most three minutes
	@$(PY) -m benchmarks --quick $(ARGS)

bench-wards: setup ## the ward resolver beside its rivals (ARGS="FILE" for other labelled messages)
	@$(PY) -m benchmarks.wards $(ARGS)

bench-classifier: setup ## field, kind and urgency beside rivals (ARGS="FILE" for other labelled messages)
	@$(PY) -m benchmarks.classifier $(ARGS)

bench-study: setup ## what each part of the training brings, and each further author (ten minutes)
	@$(PY) -m benchmarks.study $(ARGS)

bench-audit: setup ## verification of 1,000,000 audit rows beside its limit and a bare loop (ten minutes)
	@$(PY) -m benchmarks.audit $(ARGS)

bench-recompute: setup ## every figure of 50,000 tickets made again from the audit rows, beside its limit (five minutes)
	@$(PY) -m benchmarks.recompute $(ARGS)

bench-pii: setup ## personal data: texts per second and the longest texts
	@$(PY) -m benchmarks.pii $(ARGS)

bench-clock: setup ## deadlines per second beside a plain loop and a published package
	@$(PY) -m benchmarks.clock $(ARGS)

clean: ## remove what builds and tests leave behind (.venv and .feedback stay)
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache screenshots
	@find benchmarks channels classifier feedback tests -name __pycache__ -type d -prune -exec rm -rf {} +
