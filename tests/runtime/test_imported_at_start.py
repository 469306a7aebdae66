"""What a start imports before the application: an allow-list for each Python, since all of it is paid for each time."""

from __future__ import annotations

import ast
import zipfile
from pathlib import Path

import pytest
from interpreters import interpreters
from running import run
from trees import Files

from bundler.write.runtime import EAGER

FILES: Files = {"hello.py": "import sys\ndef main(): print(sorted(sys.modules))\n"}

# Of the standard library, beyond what a plain zip application with the same module imports. `zlib` decodes and checks,
# `gc` is held back while the application is imported, `errno` is built in.
STANDARD_LIBRARY = {
    "3.9": {"errno", "gc", "zlib"},
    "3.10": {"errno", "gc", "zlib"},
    "3.11": {"errno", "gc", "zlib"},
    "3.12": {"errno", "gc", "zlib"},
    "3.13": {"errno", "gc", "zlib"},
    "3.14": {"gc", "zlib"},
    "3.15": {"gc", "zlib"},
}
# What only one version needs.
RUNTIME = {"3.9": {"awaiting", "python39"}}


def imported(python: str, flags: tuple[str, ...], app: Path) -> set[str]:
    ran = run(python, *flags, app)
    assert (ran.returncode, ran.stderr) == (0, "")
    return set(ast.literal_eval(ran.stdout))


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """A zip application as the standard library's ``zipapp`` makes it."""
    path = tmp_path_factory.mktemp("plain") / "plain.pyz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__main__.py", "import hello\nhello.main()\n")
        archive.writestr("hello.py", FILES["hello.py"])
    return path


@pytest.mark.parametrize("codec", ["zlib", "stored", "zstd"])
@pytest.mark.parametrize("flags", [("-I", "-S"), ("-I",), ()], ids=" ".join)
def test_start_imports_what_the_list_allows(python, target, build_app, plain, flags, codec):
    (version,) = (version for version, path in interpreters().items() if path == python)
    allowed = set(STANDARD_LIBRARY[version])
    if codec == "zstd":
        if target != python or version not in ("3.14", "3.15"):
            pytest.skip("what decodes zstd before 3.14 depends on the machine")
        allowed.add("_zstd")
    app = build_app(FILES, entry_point="hello:main", codec=codec, python=target)
    more = imported(python, flags, app) - imported(python, flags, plain)
    runtime = {name for name in more if name.startswith("_bundler_")}
    if "-S" in flags:
        assert more - runtime == allowed
    else:
        # the environment may have imported some already
        assert more - runtime <= allowed
    decoders = {"decoders"} if codec == "zstd" else set()
    assert {name.partition(".")[2] for name in runtime} == {"", *EAGER} | RUNTIME.get(version, set()) | decoders
