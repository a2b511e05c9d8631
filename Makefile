# Each target does its own set-up, says what it does, and can be run twice.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run demo test check bench screenshots package lock clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1|\2/' | column -t -s '|'

run: ## start the console on your own store
	@packaging/set_up.sh run
	@packaging/start.sh desk

demo: ## start the console on throw-away servers of its own
	@packaging/set_up.sh test
	@packaging/start.sh demo

test: ## run all tests, real servers included
	@packaging/set_up.sh test
	@packaging/test.sh $(ARGS)

check: ## lint, format, types, import rules and dead code, in under a minute
	@packaging/set_up.sh test
	@packaging/check.sh

bench: ## measure, with the baselines in the same run
	@packaging/set_up.sh test
	@.venv/bin/python -m bench $(ARGS)

screenshots: ## draw each page into screenshots/
	@packaging/set_up.sh test
	@packaging/screenshots.sh

package: ## build the wheel and, on Debian, a .deb into dist/
	@packaging/set_up.sh package
	@packaging/package.sh

lock: ## choose the newest allowed versions again and write requirements/*.txt
	@packaging/set_up.sh test
	@packaging/lock.sh

clean: ## remove what the other targets made, the store excepted
	rm -rf .venv dist build screenshots .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
