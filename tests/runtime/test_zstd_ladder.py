"""Each decoder of zstd is taken where those before it are missing, and none from site-packages."""

from __future__ import annotations

import pytest
from interpreters import version
from running import run
from trees import write_tree

from bundler.build import build

TEXT = "".join("line %d of some text\n" % number for number in range(300))
FILES = {
    "tool.py": "import pkgutil, thing\ndef main():\n    print(thing.VALUE, thing.other(2))\n",
    "thing.py": "VALUE = 'bundle'\nTEXT = '''%s'''\ndef other(number):\n    return number * len(TEXT)\n" % TEXT,
}
ANSWER = "bundle %d\n" % (2 * len(TEXT))

# What takes a rung away, as a `sitecustomize` may do it.
GONE = {
    "standard library": "import sys; sys.modules['_zstd'] = None\n",
    "carried": "import os; vars(os).pop('memfd_create', None)\n",
    "carried, forbidden": "import os\ndef refuse(*_): raise PermissionError(1, 'forbidden')\nos.memfd_create = refuse\n",
    "system library": "import sys; sys.modules['_ctypes'] = sys.modules['ctypes'] = None\n",
    "strict": "import os; os.environ['BUNDLER_STRICT'] = '1'\n",
}
# Decoders that the environment has: importing one is heard of.
INTRUDERS = {name: "raise SystemExit('%s was imported')\n" % name for name in (
    "zstandard/__init__.py", "zstandard/backend_c.py", "backports/__init__.py", "backports/zstd/__init__.py",
    "backports/zstd/_zstd.py", "pyzstd/__init__.py", "zstd.py", "_zstd_cffi.py",
)}  # fmt: skip


def start(python, app, directory, gone):
    """Start ``app`` without the rungs ``gone`` and return which one it took."""
    write_tree(directory, {"sitecustomize.py": "".join(GONE[rung] for rung in gone), **INTRUDERS})
    ran = run(python, app, env={"PYTHONPATH": str(directory), "BUNDLER_VERBOSE": "1", "BUNDLER_DISABLE": "ahead"})
    assert (ran.returncode, ran.stdout) == (0, ANSWER), ran.stderr
    (taken,) = [line for line in ran.stderr.splitlines() if "zstd is decoded by" in line]
    return taken.rpartition(": ")[2]


@pytest.fixture(scope="session")
def app(python, tmp_path_factory):
    """An app whose frames are of zstd, and that carries no decoder: there is no index to take one from, nor a cache."""
    root = tmp_path_factory.mktemp("ladder")
    with pytest.MonkeyPatch.context() as patch:
        for installer in ("PIP", "UV"):
            patch.setenv(installer + "_NO_INDEX", "1")
        patch.setenv("PIP_CONFIG_FILE", "/dev/null")
        build(
            write_tree(root / "src", FILES),
            root / "app.pyz",
            entry_point="tool:main",
            codec="zstd",
            python=python,
            cache=False,
        )
    return root / "app.pyz"


@pytest.mark.parametrize(
    "gone, taken",
    [
        ((), "standard library"),
        (("standard library",), "system library"),
        (("standard library", "carried"), "system library"),
        (("standard library", "system library"), "plain python"),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, tuple) else value,
)
def test_next_rung_is_taken_where_those_before_are_missing(python, app, tmp_path, gone, taken):
    if taken == "standard library" and version(python) < (3, 14):
        taken = "system library"
    answer = start(python, app, tmp_path, gone)
    if taken == "system library" and answer == "plain python":
        pytest.skip("this machine has no libzstd")
    assert answer == taken


@pytest.mark.network
@pytest.mark.parametrize(
    "gone, taken",
    [
        ((), "carried"),
        (("carried",), "system library"),
        (("carried, forbidden",), "system library"),
        (("carried", "system library"), "carried from disk"),
        (("carried, forbidden", "system library"), "carried from disk"),
        (("carried, forbidden", "system library", "strict"), "plain python"),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, tuple) else value,
)
def test_carried_decoder_is_taken_where_memory_can_be_loaded_from(python, build_app, tmp_path, gone, taken):
    if version(python) >= (3, 14):
        pytest.skip("since 3.14 none is carried")
    app = build_app(FILES, entry_point="tool:main", codec="zstd", name="carrying.pyz", python=python)
    assert start(python, app, tmp_path, gone) == taken


def test_start_is_the_same_whoever_decodes(python, app, tmp_path):
    """With the thread that reads ahead, and with nothing told."""
    write_tree(tmp_path, {"sitecustomize.py": "".join(GONE.values()), **INTRUDERS})
    ran = run(python, app, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, ANSWER, "")
