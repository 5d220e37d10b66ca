# Impero Connect. "make help" lists the targets; each first installs what it
# lacks (packaging/deps). Go itself, git and make must be there.

# One set of flags everywhere: another set compiles the OpenGL binding anew,
# which costs minutes.
ifeq ($(SYSTEM),windows)
TAGS := purego
else ifeq ($(shell uname -s),Linux)
TAGS := x11,wayland
else
TAGS := purego
endif
export GOFLAGS := -trimpath -buildvcs=false -tags=$(TAGS)

# apps/FOLDER becomes bin/NAME; a folder without an entry keeps its own name.
NAME_guest := ImperoGuest
NAME_host  := Imperohost
NAME_hostd := Imperohostd
NAME_hostmanager := ImperoHostManager
NAME_dtlspy := DTLSpy
# Daemons and what runs in a terminal are for machines without a display or a C library to match: no cgo.
CGO_hostd := 0
CGO_dtlspy := 0

name  = $(or $(NAME_$(1)),$(1))
# make build SYSTEM=windows builds what people install for Windows, on Linux, into
# bin/windows. Programs with a window open no console; the others need theirs.
ifeq ($(SYSTEM),windows)
export GOOS := windows
export GOARCH := amd64
export CC := x86_64-w64-mingw32-gcc
APPS     := guest host hostd hostmanager dtlspy
BIN      := bin/windows
EXE      := .exe
COMPILER := cross
linker   = $(if $(filter hostd dtlspy,$*),,-ldflags=-H=windowsgui)
else
APPS     := $(patsubst apps/%/,%,$(wildcard apps/*/))
BIN      := bin
EXE      := $(shell go env GOEXE)
COMPILER := build
endif

# Variants: make test PKG=./core/store RUN=Lock, make fuzz FUZZTIME=1m,
# make bench LOAD=web,scroll PROGRAM=impero,Xvnc LINK=loopback CLIENT=window
# RUNS=1 TIME=2s, make bench ALL=1, make bench GO=1 BENCH=Encode BENCHTIME=5s.
PKG       ?= ./...
RUN       ?= .
TESTFLAGS ?=
FUZZTIME  ?= 10s
FUZZ      ?= .
# BENCH and BENCHTIME are of the Go benchmarks, and ask for them.
ifneq ($(filter-out undefined,$(origin BENCH) $(origin BENCHTIME)),)
GO        ?= 1
endif
BENCH     ?= .
BENCHTIME ?= 1s

.DEFAULT_GOAL := help
.PHONY: help run build test lint fuzz bench $(APPS:%=build-%)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Build, then start a demonstration Host and a Guest connected to it
	@packaging/deps build run test
	@$(MAKE) --no-print-directory $(APPS:%=build-%)
	@exec bin/try$(EXE) $(ARGS)

build: ## Build every program into bin/ (SYSTEM=windows: into bin/windows/)
	@packaging/deps $(COMPILER)
	@$(MAKE) --no-print-directory $(APPS:%=build-%)

$(APPS:%=build-%): build-%:
	CGO_ENABLED=$(or $(CGO_$*),1) go build $(linker) -o $(BIN)/$(call name,$*)$(EXE) ./apps/$*

test: ## Run the tests (PKG=./... RUN=. TESTFLAGS=); they start their own X servers and networks: on Linux as root
	@packaging/deps build run test
	CGO_ENABLED=1 go test -vet=off -run '$(RUN)' $(TESTFLAGS) $(PKG)

lint: ## Check format, vet, staticcheck and the house rules
	@packaging/deps build
	@packaging/lint

fuzz: ## Run every fuzz target, FUZZTIME=10s each (FUZZ=pattern for some)
	@packaging/deps build
	@packaging/fuzz '$(FUZZTIME)' '$(FUZZ)'

bench: ## Compare with VNC programs (LOAD= PROGRAM= LINK= ALL=1); GO=1: benchmarks of core and Host Manager; SOAK=30m: screen and outages (RUN=TestScreenSoak)
ifneq ($(SOAK),)
	@packaging/deps build run test
	CGO_ENABLED=1 go test -vet=off -count=1 -timeout 0 -v -run '$(if $(filter .,$(RUN)),^Test(Screen)?Soak$$,$(RUN))' ./core -soak '$(SOAK)'
else ifeq ($(GO),)
	@packaging/deps build run test bench
	@$(MAKE) --no-print-directory build-host build-guest build-bench
	@bin/bench $(if $(LOAD),--load '$(LOAD)') $(if $(PROGRAM),--program '$(PROGRAM)') $(if $(LINK),--link '$(LINK)') \
		$(if $(CLIENT),--client '$(CLIENT)') $(if $(ALL),--all) $(if $(RUNS),--runs '$(RUNS)') $(if $(TIME),--time '$(TIME)')
else
	@packaging/deps build run test
	go test -vet=off -run '^$$' -bench '$(BENCH)' -benchtime '$(BENCHTIME)' -benchmem \
		$$(grep -rl --include='*_test.go' '^func Benchmark' core ui/hostmanager | xargs -n 1 dirname | sort -u | sed 's|^|./|')
endif
