# Thin: every target is one line that calls CMake or a script of ci/. Settings: TIER (quick standard extended), PREFIX, BASE, ARGS.
TIER ?= standard
PREFIX ?= /usr/local
BASE ?= HEAD~1
ARGS ?=
export TIER

.PHONY: gate bench verify figures report baseline build test setup format check sanitize coverage mutate install clean help

bench:     ## every claim of every paper judged, and the report (TIER=quick: a smoke test)
	@ci/bench $(ARGS)
test:      ## packages, build, every test
	@ci/test $(ARGS)
verify:    ## the judgement alone, as `make bench` does it
	@ci/verify $(ARGS)
report:    ## the HTML report of what the store holds
	@ci/report $(ARGS)
figures:   ## the figures alone, redone from the store
	@ci/report --figures-only $(ARGS)
baseline:  ## the store's verdicts become the known ones (ci/baseline)
	@ci/baseline.py $(ARGS)
build:     ## Release build in build/
	@ci/build
setup:     ## installs missing Debian packages
	@ci/setup $(ARGS)
sanitize:  ## tests and quick tier under AddressSanitizer and UBSan (build-sanitize/)
	@ci/sanitize
coverage:  ## lines covered by the tests (build-coverage/html)
	@ci/coverage
format:    ## clang-format over the tree
	@ci/format
check:     ## formatting, linters and the rules of the tree
	@ci/check
gate:      ## may this change merge? verdicts, oracle calls, time, memory against BASE (a revision; HEAD~1)
	@ci/setup run && ci/gate/gate.py '$(BASE)' $(ARGS)
mutate:    ## changes an algorithm and counts what turns red (PAPER=03_gns SAMPLE=40 SEED=0)
	@ci/setup run test check && ci/build && ci/mutate/mutate.py $(PAPER) --sample $(or $(SAMPLE),40) --seed $(or $(SEED),0) $(ARGS)
install:   ## into PREFIX
	@ci/build && /usr/bin/cmake --install build --prefix '$(PREFIX)'
clean:     ## removes what was built; the result store is kept elsewhere with CLAIMCHECK_STORE
	@rm -rf build build-sanitize build-coverage
help:      ## this list
	@sed -n 's/^\([a-z]*\):  *## /  \1\t/p' Makefile | expand -t 14
