# What a person or a CI runs here. `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# SwiftPM keeps its cache below HOME, which a bare CI job may not set.
ifeq ($(HOME),)
export HOME := $(shell getent passwd "$$(id -u)" | cut -d: -f6)
endif

# Release binaries carry the Swift runtime; glibc, libgit2 and libyaml are the system's.
RELEASE := swift build -c release --product gradus --static-swift-stdlib

.PHONY: bench picture man reference bench-history help setup build release quickstart test soak fuzz bench-edit clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/' | expand -t 20

setup: ## Install what building and testing need and this machine lacks (apt)
	@scripts/setup.sh </dev/null

build: setup ## Build gradus for work on it: .build/debug/gradus
	swift build --product gradus </dev/null

release: setup ## Build gradus to use it: .build/release/gradus
	$(RELEASE) </dev/null

quickstart: release ## Promote a release of the sample from dev to prod, in a new temporary folder
	@GRADUS_BIN="$$($(RELEASE) --show-bin-path </dev/null)/gradus" scripts/quickstart.sh </dev/null

test: setup ## Build everything without a warning and run all tests
	@scripts/test.sh </dev/null

picture: build ## Draw the README's picture of the terminal anew
	scripts/terminal-picture.sh </dev/null

man: build ## Write the man pages to .build/man; `man -l .build/man/gradus-promote.1` shows one
	.build/debug/gradus reference man .build/man </dev/null

reference: build ## Write docs/reference anew from the code
	.build/debug/gradus reference markdown docs/reference </dev/null

bench: setup ## Measure promotions beside what people run instead; BENCH="--clock cpu --only loop" for a part
	$(RELEASE) </dev/null
	swift build --package-path Benchmarks -c release --product promotion-loop --static-swift-stdlib </dev/null
	Benchmarks/setup.sh
	Benchmarks/bench.py --write $(BENCH)

bench-history: setup ## Measure looking back on a ledger of 100,000 records, beside git log | grep
	swift build -c release --product gradus </dev/null
	swift build -c release --product ledger-generator </dev/null
	Benchmarks/history.sh

soak: setup ## The long form of the tests of durability: 20,000 simulated histories, hundreds of kills
	@scripts/soak.sh </dev/null

fuzz: setup ## Fuzz the editor, guided by coverage; FUZZ_SECONDS=3600 for an hour
	@scripts/fuzz.sh </dev/null

bench-edit: setup ## Measure how the time of an edit grows with its file
	@scripts/bench-edit.sh </dev/null

clean: ## Delete what was built
	rm -rf .build
