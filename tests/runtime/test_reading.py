"""What a start costs does not depend on the size of the bundle: counted, not timed."""

from __future__ import annotations

import random
import re
import shutil
import sys
from importlib.util import MAGIC_NUMBER

import pytest
from interpreters import version
from running import run
from sharing import only_one
from trees import write_tree

from bundler.build import build
from runtime_stub.container import Container
from runtime_stub.layout import CONTENT, MODULE_KEY
from runtime_stub.source import LocalFile

FLAT, TREE = "flat", "trunk"
START = "import sys\nprint(__import__(sys.argv[1], fromlist=['VALUE']).VALUE)\n"


def modules(count: int) -> dict[str, str]:
    """Return ``count`` modules: half of them in one package, half in a tree of packages."""
    files = {"alone.py": START, "flat/__init__.py": ""}
    for number in range(count // 2):
        source = f"VALUE = {number}\n"
        files[f"flat/leaf{number:06}.py"] = source
        branch = f"trunk/limb{number // 2500:02}/branch{number // 50 % 50:02}"
        files[f"{branch}/leaf{number % 50:02}.py"] = source
        for package in ("trunk", branch.rpartition("/")[0], branch):
            files[f"{package}/__init__.py"] = ""
    return files


@pytest.fixture(scope="session")
def bundles(shared):
    """Two app files, with ten modules and with 100,000."""
    found = []
    for count in (10, 100_000):
        app = shared / f"modules-{count}.pyz"
        with only_one(app) as new:
            if new:
                # of a file smaller than its buffer the interpreter itself reads less
                padding = {"padding.bin": random.Random(1).randbytes(1_000_000)}
                source = write_tree(shared / f"modules-{count}", {**modules(count), **padding})
                build(source, app, entry_point="alone", python=sys.executable, codec="zlib", level=1, cache=False)
                shutil.rmtree(source)
        found.append(app)
    return found


PLACES = {FLAT: "flat.leaf000003", TREE: "trunk.limb00.branch00.leaf03"}


@pytest.mark.parametrize("shape", PLACES)
def test_start_reads_no_more_from_100_000_modules_than_from_ten(python, bundles, tmp_path, shape):
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace")
    few, many = (traced(strace, python, app, PLACES[shape], tmp_path / f"trace{n}") for n, app in enumerate(bundles))
    assert many[0] <= few[0] * 1.1, "system calls"
    # the runtime comes from in front of the index, which is more than the end of a small file that is read anyway; with no bytecode for this
    # Python its sources, and 3.9, for what only it needs, reads these twice
    more = 32 if version(python) == sys.version_info[:2] else 40 if version(python) > (3, 9) else 72
    assert many[1] <= few[1] + more * 1024, "bytes read"


def traced(strace, python, app, module, trace):
    """Return how many system calls a start makes, and how many bytes of the app file it reads."""
    ran = run(strace, "-f", "-y", "-o", trace, python, "-I", "-S", app, module)
    if "ptrace" in ran.stderr:
        pytest.skip(ran.stderr.splitlines()[0])
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "3\n", "")
    lines = trace.read_text(errors="replace").splitlines()
    reads = [re.search(r" p?read(?:64)?\(\d+<%s>.* = (\d+)$" % re.escape(str(app)), line) for line in lines]
    return len(lines), sum(int(found[1]) for found in reads if found)


class Counted:
    """A source of bytes that counts what is read."""

    def __init__(self, source):
        self.source = source
        self.path = source.path
        self.explain = source.explain
        self.calls = self.bytes = 0

    def read_at(self, offset, length):
        self.calls += 1
        self.bytes += length
        return self.source.read_at(offset, length)


@pytest.mark.parametrize("shape", PLACES)
def test_look_up_reads_three_pages_of_the_index_and_one_frame(bundles, shape):
    source = Counted(LocalFile(str(bundles[1])))
    store = Container(source, source.source.footer, MAGIC_NUMBER)
    before = source.calls, source.bytes
    directory, _, name = PLACES[shape].replace(".", "/").rpartition("/")
    assert store.read(store.find(directory + MODULE_KEY + name), CONTENT) == b"VALUE = 3\n"
    assert source.calls - before[0] <= 4
    assert source.bytes - before[1] <= 40_000
