# Everything on a fresh machine with a Python, make and a package index: `make demo`, `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.PHONY: demo test test-conformance packages native compatibility bench bench-files clean

demo: $(VENV)/ready
	$(BIN)/bundler build --with httpie --console-script http --output build/http.pyz
	cd / && env -i PATH="$$PATH" $(PYTHON) -I "$(CURDIR)/build/http.pyz" --offline --ignore-stdin POST example.org name=bundler

test: $(VENV)/ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not conformance"

# other people's tests, in environments and in bundles, and ours that take long: some forty minutes on two cores
test-conformance: $(VENV)/ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m conformance

# sixty packages, in an environment and in bundles: some ten minutes; VERSION=3.14 runs them on another Python
VERSION ?= 3.11
packages: $(VENV)/ready
	$(BIN)/python tests/packages/calling.py --python $(VERSION)

# applications with compiled code, in environments and from one file, on every Python that is found: some twenty minutes
native: $(VENV)/ready
	$(BIN)/python tests/native/every.py

# docs/compatibility.md, from what the tests of other people have shown, which are run first
compatibility: test-conformance
	$(BIN)/python tests/conformance/page.py

# all benchmarks, on PYTHONS, and lazy imports on LAZY_PYTHON: see benchmarks/README.md. Interrupted, it goes on where it stopped.
# QUICK=1 is a look, kept apart from the results; SLOW=1 lets Nuitka compile, for hours. Nothing of ours is timed while peers are made.
LAZY_PYTHON ?= python3.15
LOOK := $(if $(QUICK),--quick)
bench: bench-files
	for name in hello floor peers start scale native builds build_time; do \
		$(BIN)/python benchmarks/$$name.py --go-on $(LOOK) $(PYTHONS) || exit 1; done
	command -v $(LAZY_PYTHON) >/dev/null || { echo "no $(LAZY_PYTHON): lazy imports are not measured"; exit 0; } \
		&& $(BIN)/python benchmarks/lazy.py --go-on $(LOOK) $(LAZY_PYTHON)
	$(BIN)/python benchmarks/report.py $(LOOK)
	rm -rf build/bench/partial

# the environments and the peers' files, made once
bench-files: $(VENV)/ready
	$(BIN)/python benchmarks/peers.py --make $(if $(SLOW),--slow) $(PYTHONS)

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	mkdir -p build
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache
