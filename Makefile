# Every command a contributor types; CI calls the same. `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types unit evaluate integration lock dashboards reference picture kafka deploy-check chaos overload bench bench-queries bench-alerts bench-archive bench-filter bench-growth bench-workers capacity clean
BIN := .venv/bin

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | column -t -s '|'

setup: .venv/.ready ## make .venv with everything that is pinned in requirements.lock

.venv/.ready: requirements.lock pyproject.toml deploy/setup/environment.sh
	@sh deploy/setup/environment.sh

demo: setup ## replay the synthetic recording of January 2021 while the page moves
	@$(BIN)/uproar demo

test: setup check integration ## everything that CI runs

check: lint types unit evaluate ## what needs no server: style, types, unit tests, evaluation

lint: setup ## style of the code, and that generated files are up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/uproar dashboards check

types: setup ## strict types
	$(BIN)/mypy

unit: setup ## unit tests and the examples in docstrings
	$(BIN)/pytest -n 2 -m "not integration and not browser" uproar producers streams sinks dashboards tests

evaluate: setup ## how well posts are read, on the invented set of evaluation/; fails on a fall
	@for part in mentions sentiment calls language; do \
	  $(BIN)/uproar evaluate $$part evaluation/$$part.jsonl --floors evaluation/expected.json || exit 1; \
	done
	@$(BIN)/uproar evaluate spikes evaluation/spikes --floors evaluation/expected.json

integration: setup ## real broker, real ClickHouse, real browser
	@sh deploy/setup/browser.sh
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "integration or browser" tests

lock: setup ## pin the newest versions that fit into requirements.lock
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock

dashboards: setup ## write the boards' JSON for Grafana
	$(BIN)/uproar dashboards build

reference: setup ## write docs/reference.md: every command and setting
	$(BIN)/python -m uproar.cli.reference > docs/reference.md

picture: setup ## draw the README's picture of the page
	@sh deploy/setup/browser.sh
	$(BIN)/python tests/dashboards/picture.py

kafka: setup ## run one Apache Kafka node from Maven Central, for tests and to try a real one
	@$(BIN)/python -m deploy.kafka

deploy-check: setup ## hold deploy/ to the schemas of Compose, Kubernetes and systemd, and run its processes
	$(BIN)/pytest tests/deploy

chaos: setup ## kill everything during replays and compare: ROUNDS=50 SEED=1 POSTS=200000 BROKER=local TABLE=file
	@$(BIN)/python -m tests.chaos --rounds $(or $(ROUNDS),50) --seed $(or $(SEED),1) --posts $(or $(POSTS),200000) --broker $(or $(BROKER),local) $(if $(TABLE),--markdown $(TABLE))

overload: setup ## flood a stack of its own for ten minutes, and show that memory stays bounded
	$(BIN)/python -m benchmarks.overload

bench: setup .venv-bench/.ready ## measure everything, some three hours, and write docs/performance.md: SOAK=60 (minutes) POSTS=file CONFIG=benchmarks/airlines.yaml
	$(BIN)/python -m benchmarks.performance measure build/bench --soak-minutes $(or $(SOAK),60) $(if $(POSTS),--posts $(POSTS) --config $(or $(CONFIG),benchmarks/airlines.yaml))

.venv-bench/.ready: benchmarks/rivals/requirements.txt benchmarks/rivals/environment.sh requirements.lock
	@sh benchmarks/rivals/environment.sh

bench-queries: setup ## time every panel on invented reactions: make bench-queries REACTIONS=10000000
	$(BIN)/python -m benchmarks --reactions $(or $(REACTIONS),10000000)

bench-growth: setup ## fill ClickHouse with 1, 10 and 100 million reactions, and draw what panels and writing take
	@mkdir -p build
	for size in 1 10 100; do \
	  nice -n 10 $(BIN)/python -m benchmarks.growth measure --reactions $${size}000000 --out build/growth-$$size.json || exit 1; \
	done
	$(BIN)/python -m benchmarks.growth draw build/growth-1.json build/growth-10.json build/growth-100.json --picture docs/growth.svg --page docs/growth.md

bench-workers: setup ## how workers share partitions, and that none is lost while they come and go
	nice -n 10 $(BIN)/python -m benchmarks.workers --picture docs/workers.svg

bench-alerts: setup ## time the watcher: a thousand entities, and ninety days of one
	nice -n 10 $(BIN)/python -m benchmarks.alerts

bench-archive: setup ## write posts of 15 years in random order, and count the parts
	nice -n 10 $(BIN)/python -m benchmarks.archive

bench-filter: setup ## posts a second and core through reading and matching, beside what others do
	nice -n 10 $(BIN)/python -m benchmarks.filter
	nice -n 10 $(BIN)/python -m benchmarks.filter --stages
	nice -n 10 $(BIN)/python -m benchmarks.ahead

capacity: setup ## write docs/capacity.md, its picture and deploy/kubernetes/sizes from the measured costs
	nice -n 10 $(BIN)/python -m deploy.sizes

clean: ## remove what was built; data of the local stack stays
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache build *.egg-info
