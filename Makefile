# Everything a person does here, by name. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Pure Go everywhere but under the race detector.
export CGO_ENABLED := 0

FUZZTIME ?= 30s
# How many things are done at once, each on one processor.
J ?= 1
BENCH ?= .
COUNT ?= 6
KILLS ?= 50
# Operations of a command at which each fault is brought about; 0 is all.
POINTS ?= 60
PKG ?= ./...
# How many packages are tested at once: as many as there are processors, where it is empty.
P ?=
# Packages whose tests take longest begin first, or the last of them runs alone.
FIRST := ./cmd/narrapress ./voices ./internal/batch ./pipeline ./internal/web/desk ./pipeline/master ./internal/audio
# Whole episodes take an hour: they are left out where certain benchmarks are named.
ROWS ?= $(if $(filter-out . none,$(BENCH))$(filter-out ./...,$(PKG)),none,all)
MINUTES ?= 0
N ?= 0
SEED ?= 1
# Where make bite plants faults, where PKG does not say it.
BITE := ./voices/... ./pipeline/... ./internal/audio/... ./internal/mp3/... ./internal/tags/... ./internal/store/... ./internal/batch/...
# What make dist makes: the version, where git is not to say it; and systems, where not all.
VERSION ?=
ONLY ?=

TOOL := go tool -modfile=tools.mod
# A program of its own, which lends the module none of its hundreds of dependencies.
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEMO := examples/curated

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install the programs a run needs (ffmpeg, flite, espeak-ng), where they are missing
	@scripts/setup

.PHONY: build
build: ## build bin/narrapress, one file
	@mkdir -p bin
	go build -trimpath -buildvcs=auto -ldflags '-s -w' -o bin/narrapress ./cmd/narrapress

.PHONY: archives
archives: ## make the archives of this system, one of them twice, and look into them
	TZ=UTC LC_ALL=C.UTF-8 go test ./internal/dist -run '^TestDist$$' -v -count 1 -timeout 30m -archives

.PHONY: dist
dist: ## archives and checksums for every system, in dist/ (VERSION=v1.2.0, else by git; ONLY=linux/amd64)
	go run -trimpath ./internal/dist -out dist -version '$(VERSION)' -only '$(ONLY)'

.PHONY: demo
demo: setup build ## make an episode from examples/curated and show what is in it
	bin/narrapress produce $(DEMO)/post.md --out $(DEMO)/out
	@echo
	@for manifest in $(DEMO)/out/*/manifest.json; do \
		folder=$$(dirname "$$manifest"); \
		echo "$$folder"; ls -lh "$$folder" | tail -n +2; \
		bin/narrapress inspect "$$folder"; \
	done

# Vet looks at all that is imported, too, which takes a minute of CPU where nothing is cached: check does it.
.PHONY: test
test: ## run every test, P=n packages at once (installs what tests need, where it is missing)
	@scripts/setup --test
	TZ=UTC LC_ALL=C.UTF-8 go test -vet=off -timeout 20m $(if $(P),-p $(P)) $(if $(filter ./...,$(PKG)),$(FIRST)) $(PKG)
	@echo "All tests passed."

.PHONY: race
race: ## run every test under the race detector, P=n packages at once
	TZ=UTC LC_ALL=C.UTF-8 CGO_ENABLED=1 go test -race -vet=off -timeout 90m $(if $(P),-p $(P)) $(PKG)

# Servers and batches wait more than they work: six rows of the crash matrix at once keep two processors busy.
.PHONY: crash
crash: ## kill and disturb every command at its file operations (POINTS=60; 0: at all), and at instants (KILLS=50)
	TZ=UTC LC_ALL=C.UTF-8 go test ./cmd/narrapress -run 'Killed|Crash' -v -count 1 -timeout 4h -parallel 6 -kills $(KILLS) -points $(POINTS)
	TZ=UTC LC_ALL=C.UTF-8 go test ./internal/store ./internal/bucket ./internal/faults ./pipeline/publish/upload -count 1 -run 'Killed|Flipped|Weather|Watch|Verdicts|Clock|Half|Outbox'

.PHONY: check
check: ## what a change must pass beside the tests: format, vet, staticcheck, the house
	@unformatted=$$($(TOOL) gofumpt -l .); \
	if [ -n "$$unformatted" ]; then echo "make fmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet $(PKG)
	$(TOOL) staticcheck $(PKG)
	go vet -tags nolame ./internal/mp3
	$(TOOL) staticcheck -tags nolame ./internal/mp3
	go test ./internal/house
	@echo "Nothing to mend."

.PHONY: lint
lint: ## run golangci-lint as .golangci.yml has it (built first, which takes minutes once)
	$(GOLANGCI) run $(PKG)

.PHONY: fmt
fmt: ## format every Go file
	$(TOOL) gofumpt -w .

.PHONY: bench
bench: ## benchmarks (BENCH=regexp|none PKG=./… COUNT=6), then episodes (ROWS=cold,edit MINUTES=10 N=3)
	@mkdir -p bin
	@[ '$(BENCH)' = none ] || { \
		TZ=UTC LC_ALL=C.UTF-8 go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG) | tee bin/bench.txt; \
		$(TOOL) benchstat bin/bench.txt; \
	}
	@[ '$(ROWS)' = none ] || go run ./internal/bench -rows '$(ROWS)' -minutes $(MINUTES) -n $(N)

# Inputs that are made smaller by the clock end the worker that does it, which costs more than it gains.
.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME each, J=n of them at once with a worker each
	@go list $(PKG) | while read -r package; do \
		go test -list '^Fuzz' "$$package" | sed -n "s|^Fuzz|$$package &|p"; \
	done | xargs -r -P $(J) -L 1 bash -c ' \
		if said=$$(go test -run "^$$" -fuzz "^$$1\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 30x $(if $(filter 1,$(J)),,-parallel 1) "$$0" </dev/null 2>&1); then \
			echo "$$0 $$1:$$(grep "^fuzz: elapsed" <<<"$$said" | tail -n 1 | cut -d, -f 2-)"; \
		else \
			echo "$$0 $$1:"; echo "$$said"; exit 1; \
		fi'

.PHONY: golden
golden: ## write golden files anew; read the difference before you commit it
	@for package in $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -r -n1 dirname | sort -u); do \
		TZ=UTC LC_ALL=C.UTF-8 go test "$$package" -update; \
	done
	@git status --short -- '*testdata*'

.PHONY: takes
takes: ## judge 1000 good takes of three engines and 17 faults of each, and print the tables
	go test ./voices -run '^TestTakes$$' -v -timeout 2h -takes 1000

.PHONY: joints
joints: ## hold episodes of five minutes, and forty of any sounds, against one encoder over all of each, at every joint
	TZ=UTC LC_ALL=C.UTF-8 go test ./pipeline/master -run '^TestJoints|^TestRandomTimelines' -v -timeout 1h -minutes 5 -timelines 40 -every

.PHONY: readers
readers: ## have other programs read all that is published, of every kind of episode in every format
	@scripts/setup --test
	TZ=UTC LC_ALL=C.UTF-8 go test ./pipeline -run '^TestReaders$$' -v -count 1 -timeout 1h -matrix

.PHONY: codecs
codecs: ## try every format at every setting, where make test tries one of each kind
	@scripts/setup --test
	TZ=UTC LC_ALL=C.UTF-8 go test ./internal/audio ./internal/mp3 ./pipeline/master -count 1 -timeout 1h -every

.PHONY: storm
storm: ## 300 segments while three of ten answers are faulty; 500 jobs, and 500 posts of a server, while workers are killed
	go test ./pipeline/record -run '^TestStorm$$' -v -timeout 1h -storm 300
	go test ./pipeline -run '^TestEpisodeInAStorm$$' -v -timeout 1h -storm 300
	go test ./internal/batch/queue -run '^TestStorm$$' -v -timeout 1h -storm 500 -every 10s
	TZ=UTC LC_ALL=C.UTF-8 go test ./cmd/narrapress -run '^TestServeInAStorm$$|^TestServeKilledAcrossSlots$$|^TestServeWithAnEndpointDown$$' -v -timeout 3h -storm 500

.PHONY: bite
bite: ## plant N=200 faults by SEED=1, one at a time, in the packages that carry most; a test is to fail for 80 %
	go test ./internal/plant -count 1 -whole
	TZ=UTC LC_ALL=C.UTF-8 go run ./internal/plant -n $(if $(filter-out 0,$(N)),$(N),200) -seed $(SEED) -j $(if $(P),$(P),2) -of ./cmd/narrapress -least 80 $(if $(filter-out ./...,$(PKG)),$(PKG),$(BITE))

.PHONY: soak
soak: ## one server makes N=1000 small episodes, killed every minute: what it holds does not grow
	TZ=UTC LC_ALL=C.UTF-8 go test ./cmd/narrapress -run '^TestSoak$$' -v -count 1 -timeout 5h -soak $(if $(filter-out 0,$(N)),$(N),1000)

.PHONY: scale
scale: ## let a million posts be made in virtual time, and write docs/scale.md anew
	go run ./internal/scale -doc docs/scale.md

.PHONY: cover
cover: ## run tests with coverage; the page is bin/cover.html
	@mkdir -p bin
	TZ=UTC LC_ALL=C.UTF-8 go test -coverpkg=./... -coverprofile=bin/cover.out $(PKG)
	@go tool cover -func=bin/cover.out | tail -n 1
	@go tool cover -html=bin/cover.out -o bin/cover.html

.PHONY: theme
theme: ## make the example's music and cover anew (needs ffmpeg)
	cd $(DEMO) && go run ./theme

.PHONY: clean
clean: ## remove what was built and the demo's episodes; takes in the store stay
	rm -rf bin dist $(DEMO)/out
