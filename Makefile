# What can be done here: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
# Swift's libraries are linked in, and symbols left out.
RELEASE := swift build --configuration release --static-swift-stdlib -Xlinker -s
BIN := .build/release
# The manual pages and completions of what was built.
MAN := .build/man
COMPLETIONS := .build/completions
# The interfaces' descriptions, and the Swift that is made of them.
INTERFACES := Sources/MusterAPI/Interfaces
GENERATED := Sources/MusterAPI/Generated
# The Swift that is made of Unicode's tables.
WIDTHS := Sources/Base/TerminalWidths.swift
# Where packages go.
DEB := .build/deb

.PHONY: help deps dpkg-dev unicode build run test lint format generate widths docs manuals-test hung-disk-test conformance exporters torture torture-short torture-proof fuzz sanitize bench bench-scale install deb deb-source package-test system-test clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

deps: ## Install the headers of libyaml where they are missing
	@if ! pkg-config --exists yaml-0.1 2>/dev/null; then
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo"
	  if ! command -v apt-get >/dev/null; then
	    echo "libyaml's headers are missing: install libyaml-dev (or libyaml-devel) and pkg-config" >&2; exit 69
	  fi
	  echo "installing libyaml-dev and pkg-config"
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq libyaml-dev pkg-config >/dev/null
	fi

unicode: ## Install the files of the Unicode Character Database where they are missing
	@if [ ! -e /usr/share/unicode/EastAsianWidth.txt ]; then
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo"
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq unicode-data >/dev/null
	fi

build: deps ## Build musterd, muster and muster-launcher for release into .build/release, with man pages and completions
	@$(RELEASE) --product musterd
	$(RELEASE) --product muster
	$(RELEASE) --product muster-launcher
	mkdir -p $(MAN) $(COMPLETIONS)
	$(BIN)/muster reference manual > $(MAN)/muster.1
	$(BIN)/musterd reference manual > $(MAN)/musterd.8
	$(BIN)/musterd reference configuration-manual > $(MAN)/musterd.yaml.5
	for program in muster musterd; do
	  $(BIN)/$$program reference bash > $(COMPLETIONS)/$$program.bash
	  $(BIN)/$$program reference zsh > $(COMPLETIONS)/_$$program
	  $(BIN)/$$program reference fish > $(COMPLETIONS)/$$program.fish
	done

run: build ## Build, then show both reports and their exports through daemon and client
	@dir=$$(mktemp -d); trap 'kill $$daemon 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$$dir"' EXIT
	export MUSTER_ADDRESS="unix:$$dir/muster.sock"
	$(BIN)/musterd --config Config/musterd.yaml --listen "$$MUSTER_ADDRESS" --log-level warning & daemon=$$!
	for _ in $$(seq 100); do [ -S "$$dir/muster.sock" ] && break; kill -0 $$daemon; sleep 0.05; done
	show() { printf '\n\e[1m$$ %s\e[0m\n' "$$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; PATH="$(BIN):$$PATH" "$$@"; }
	show muster list
	show muster run country-summary --format table
	show muster run bloc-aggregate --set scheme=alliances_1955 --format table
	show muster run bloc-aggregate --format csv
	show muster run bloc-aggregate --output "$$dir/blocs.json"
	show head -c 1200 "$$dir/blocs.json"
	show muster run country-summary --output "$$dir/countries.csv"
	show head -n 5 "$$dir/countries.csv"
	show muster status

test: deps ## Set up and run all tests
	@swift build --build-tests
	swift test --skip-build

lint: deps unicode ## Check the format, and build with warnings as errors
	@swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests
	MUSTER_STRICT=1 swift build --build-tests --explicit-target-dependency-import-check error
	$(MAKE) --no-print-directory generate GENERATED=.build/interfaces
	diff -ru $(GENERATED) .build/interfaces || { echo "$(GENERATED) is stale: run \"make generate\"" >&2; exit 1; }
	Tests/terminal-widths.py | diff -u $(WIDTHS) - || { echo "$(WIDTHS) is stale: run \"make widths\"" >&2; exit 1; }
	swift package dump-package | Tests/architecture.py Sources/README.md
	for page in configuration:Config/REFERENCE.md plugins:Plugins/REFERENCE.md dataset:Config/DATASET.md; do
	  .build/debug/musterd reference "$${page%:*}" | diff -u "$${page#*:}" - ||
	    { echo "$${page#*:} is stale: run \"make docs\"" >&2; exit 1; }
	done
	for limit in $$(sed -n '/^## limits/,/^## /s/^| `\([a-z]*_[a-z_]*\)`.*/\1/p' Config/REFERENCE.md); do
	  places=$$(grep -rnw --include='*.swift' "$$limit" Sources Plugins | grep -v ': *///')
	  [ "$$(wc -l <<< "$$places")" = 1 ] ||
	    { printf 'the limit %s is spelt more than once:\n%s\n' "$$limit" "$$places" >&2; exit 1; }
	done

format: ## Format all Swift files
	@swift format --in-place --recursive --parallel Package.swift Sources Plugins Tests

generate: deps ## Write the Swift of the interfaces anew
	@swift build --product varlink-generator
	rm -rf $(GENERATED)
	mkdir $(GENERATED)
	for description in $(INTERFACES)/*.varlink; do
	  name=$${description%.varlink}; name=$${name##*.}
	  for part in interface types methods errors; do
	    .build/debug/varlink-generator $$part < "$$description" |
	      swift format --configuration .swift-format - > "$(GENERATED)/$$name+$$part.swift"
	  done
	done

widths: unicode ## Write the widths of characters in terminals anew
	@Tests/terminal-widths.py > $(WIDTHS).new
	mv $(WIDTHS).new $(WIDTHS)

docs: deps ## Write the reference pages anew
	@swift build --product musterd
	.build/debug/musterd reference configuration > Config/REFERENCE.md
	.build/debug/musterd reference plugins > Plugins/REFERENCE.md
	.build/debug/musterd reference dataset > Config/DATASET.md

manuals-test: build ## Check the manual pages with groff and mandoc, and complete in bash, zsh and fish
	@MAN=$(MAN) Tests/manuals.sh
	PROGRAMS=$(BIN) COMPLETIONS=$(COMPLETIONS) Tests/completions.sh

hung-disk-test: build ## Serve from a disk that hangs; needs root, for FUSE
	@PROGRAMS=$(BIN) Tests/HungDisk/hung-disk.sh

exporters: deps ## Read exported files with a browser, a spreadsheet reader and others
	@Tests/exporters.sh

conformance: deps ## Hold protocol and data against other implementations
	@Tests/conformance.sh

torture: build ## Reload, fail, flood and mutate for SECONDS=20 each, or COUNT= times; SEED= repeats a run, TESTS= names some
	@TORTURE_SECONDS=$(or $(SECONDS),20) COUNT=$(COUNT) SEED=$(SEED) MUSTER_BIN=$(BIN) Tests/Torture/torture.sh $(TESTS)

torture-short: build ## The same for SECONDS=10 each, to be among all checks
	@TORTURE_SECONDS=$(or $(SECONDS),10) SEED=$(SEED) MUSTER_BIN=$(BIN) Tests/Torture/torture.sh $(TESTS)

torture-proof: build ## Show that each of these tests notices what it is there for
	@TORTURE_SECONDS=$(or $(SECONDS),5) SEED=$(SEED) MUSTER_BIN=$(BIN) Tests/Torture/torture.sh --self-test $(TESTS)

fuzz: deps ## Give any bytes to each reader for SECONDS=60 under the sanitizers; TARGETS= names some
	@Tests/Torture/fuzz.sh build
	Tests/Torture/fuzz.sh self-test
	FUZZ_SECONDS=$(or $(SECONDS),60) Tests/Torture/fuzz.sh run $(TARGETS)

sanitize: deps ## Run the tests of the service under the thread sanitizer; FILTERS= names others
	@Tests/Torture/sanitize.sh build
	Tests/Torture/sanitize.sh self-test
	Tests/Torture/sanitize.sh run $(FILTERS)

bench: build ## Measure client and daemon beside sqlite3
	@Tests/Benchmarks/bench.sh

bench-scale: build ## Measure ten million observations beside DuckDB
	@$(RELEASE) --product muster-bench
	Tests/Benchmarks/bench-scale.sh

install: ## Install what was built: DESTDIR= PREFIX=/usr/local, see systemd/install.sh --help
	@export DESTDIR PREFIX SYSCONFDIR UNITDIR
	PROGRAMS=$(BIN) MAN=$(MAN) COMPLETIONS=$(COMPLETIONS) systemd/install.sh

dpkg-dev:
	@command -v dpkg-shlibdeps >/dev/null && exit
	sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo"
	$$sudo apt-get update -qq && $$sudo apt-get install -y -qq dpkg-dev >/dev/null

deb: build dpkg-dev ## Build a Debian package into .build/deb
	@PROGRAMS=$(BIN) MAN=$(MAN) COMPLETIONS=$(COMPLETIONS) DEB=$(DEB) systemd/debian/build.sh

deb-source: build dpkg-dev ## Make a Debian source package of the last commit, in .build/deb
	@DEB=$(DEB) systemd/debian/source.sh

package-test: deb deb-source ## Install the package in a Debian 12 and a Debian 13, and ask it there; needs root
	@DEB=$(DEB) SUITES='$(SUITES)' Tests/System/package-test.sh

system-test: deb ## Boot a Debian in a container, install the package there and try it
	@DEB=$(DEB) SUITE='$(SUITE)' CHECKS='$(CHECKS)' Tests/System/system-test.sh

clean: ## Remove everything that was built
	@rm -rf .build .build-*
