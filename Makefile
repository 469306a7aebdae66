# Everything on a fresh machine with a Python, make and a package index: `make demo`, `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.PHONY: demo test test-conformance packages native compatibility bench clean

demo: $(VENV)/ready
	$(BIN)/bundler build --with httpie --console-script http --output build/http.pyz
	cd / && env -i PATH="$$PATH" $(PYTHON) -I "$(CURDIR)/build/http.pyz" --offline --ignore-stdin POST example.org name=bundler

test: $(VENV)/ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not conformance"

# other people's tests, in environments and in bundles: some twenty minutes on two cores
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

bench: $(VENV)/ready
	for name in start hello scale build_time; do $(BIN)/python benchmarks/$$name.py $(PYTHONS) || exit 1; done
	$(BIN)/python benchmarks/report.py

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	mkdir -p build
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache
