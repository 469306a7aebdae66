"""What either rung imports: run-time code pays for it in each application."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLAIN = {
    "block",
    "checksum",
    "dictionary",
    "error",
    "execution",
    "frame",
    "fse",
    "huffman",
    "literals",
    "magic",
    "sequences",
}


def imported(statement):
    """The names of the modules that a statement imports in a bare interpreter."""
    program = (
        "import sys; sys.path.insert(0, %r); before = set(sys.modules)\n%s\nprint(*sorted(set(sys.modules) - before))"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program % (str(ROOT), statement)], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_plain_decoder_imports_nothing_but_itself():
    package = {"runtime_stub", "runtime_stub.zstd"}
    assert imported("import runtime_stub.zstd.frame") == package | {"runtime_stub.zstd." + name for name in PLAIN}


def test_package_alone_loads_neither_rung():
    assert imported("import runtime_stub.zstd") == {"runtime_stub", "runtime_stub.zstd", "runtime_stub.zstd.error"}


def test_libzstd_does_not_load_the_plain_decoder():
    pytest.importorskip("ctypes")
    names = imported("try: import runtime_stub.zstd.libzstd\nexcept (ImportError, OSError): pass")
    assert {name for name in names if name.startswith("runtime_stub.zstd.")} <= {
        "runtime_stub.zstd." + name for name in ("error", "libzstd", "magic")
    }
    assert "ctypes.util" not in names
