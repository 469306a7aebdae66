"""The overlay answers as a directory on a read-only mount does: the same operations on both, drawn at random."""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run
from trees import write_tree

from bundler.build import build


def _archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inside.txt", "text")
    return file.getvalue()


FILES = {
    "opener.py": "import os\nHERE = os.path.dirname(__file__)\n",
    "tree/__init__.py": "",
    "tree/notes.txt": "one\ntwo\nthree\n",
    "tree/empty": "",
    "tree/settings.ini": "[one]\na = 1\n[two]\n",
    "tree/archive.zip": _archive(),
    "tree/tool.sh": "#!/bin/sh\n",
    "tree/code.py": "# coding: utf-8\nNAME = 'größe'\n",
    "tree/.hidden/.file": "hidden",
    "tree/größe/ein Wort.txt": "ä\n",
    "tree/deep/er/est/leaf.bin": bytes(range(256)),
    "tree/deep/er/page.html": "<p>\r\n</p>\r\n",
}
DIRECTORIES = [".hidden", "größe", "deep", "deep/er", "deep/er/est"]
LEADING = ["", "absent", *(path[5:] for path in FILES if path.startswith("tree/")), *DIRECTORIES]
PARTS = sorted({part for path in LEADING for part in path.split("/") if part})
EPOCH = 315532800  # 1980-01-01, the time of everything in a bundle

MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    """A function that starts an interpreter's operations on a mount and on an app file, and gives a way to ask both."""
    root = tmp_path_factory.mktemp("mount")
    mounted, bundled = root / "directory", root / "bundle"
    bundled.mkdir()
    tree = write_tree(mounted / "app.pyz", FILES)
    for path in sorted(tree.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".sh" else 0o644)
        os.utime(path, (EPOCH, EPOCH))
    if run("unshare", "-rm", "sh", "-c", MOUNTED, tree, "true", env=os.environ).returncode:
        pytest.skip("nobody may mount a directory here: no mount to compare with")
    build(tree, bundled / "app.pyz", library=True, cache=False)
    for directory in (mounted, bundled):
        (directory / "link.pyz").symlink_to("app.pyz")
    started = []

    @functools.cache
    def both(python):
        program = Path(__file__).with_name("overlay_operations.py")
        commands = (
            ["unshare", "-rm", "sh", "-c", MOUNTED, tree, python, "-B", program, mounted],
            [python, "-B", program, bundled],
        )
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        children = [subprocess.Popen(list(map(str, command)), **pipes) for command in commands]
        started.extend(children)

        def ask(operations):
            for child in children:
                child.stdin.write(json.dumps(operations) + "\n")
                child.stdin.flush()
            return [json.loads(child.stdout.readline()) for child in children]

        return ask

    yield both
    for child in started:
        child.stdin.close()
        child.wait()
        child.stdout.close()


names = st.sampled_from([*PARTS, "absent", "..", ".", "", "x" * 256, "a\0b", "notes.txt"])


@st.composite
def paths(draw) -> str:
    """Draw a path in the tree: one that leads somewhere, one that may not, or a mixture; none that leads out of it."""
    path = draw(st.sampled_from(LEADING))
    more = draw(st.lists(names, max_size=3))
    joined = "/".join([path, *more] if path else more)
    if os.path.normpath("tree/" + joined).split("/")[0] != "tree":
        return path
    return joined


def operation(name: str, *arguments: st.SearchStrategy) -> st.SearchStrategy:
    """An operation by its name, on a path in some spelling."""
    return st.tuples(st.just(name), spellings, paths(), *arguments).map(list)


other = paths().map(lambda path: {"path": path})
spellings = st.sampled_from(["full", "full", "bytes", "pathlib", "relative", "link"])
modes = st.sampled_from(["r", "rb", "rt", "w", "wb", "a", "x", "r+", "rb+", "w+", "", "rw", "U", "b"])
steps = st.lists(st.sampled_from(["read", "read 3", "line", "lines", "rewind", "end", "tell", "write", "truncate", "able", "map", "map to write", "name"]), max_size=4)  # fmt: skip
flags = st.builds(
    lambda access, others: functools.reduce(int.__or__, others, access),
    st.sampled_from([os.O_RDONLY, os.O_RDONLY, os.O_WRONLY, os.O_RDWR]),
    st.one_of(
        st.just([os.O_DIRECTORY]), st.lists(st.sampled_from([os.O_CREAT, os.O_EXCL, os.O_TRUNC, os.O_APPEND]), max_size=2)
    ),
)
patterns = st.sampled_from(["*", "**", "*.txt", "**/*.txt", "*/*", "deep/**/*.html", ".*", "[nc]*", "absent/*", "**/er/*"])
PLAIN = (
    "stat", "lstat", "listdir", "scandir", "walk", "mkdir", "makedirs", "rmdir", "unlink", "truncate", "chmod", "utime", "mkfifo", "readlink",
    "statvfs", "listxattr", "exists", "getsize", "realpath", "copyfile", "copy2", "copytree", "zipfile", "tokenize", "configparser", "which",
)  # fmt: skip
operations = st.one_of(
    *(operation(name) for name in PLAIN),
    *(operation(name, other) for name in ("rename", "replace", "link", "symlink", "samefile")),
    operation("access", st.integers(0, 7)),
    operation("open", modes, steps),
    operation("open text", steps),
    operation("os.open", flags, st.lists(st.sampled_from(["read", "write", "rewind"]), max_size=3)),
    operation("glob", patterns),
    *(operation("pathlib", st.just(name), patterns) for name in ("glob", "rglob")),
    *(
        operation("pathlib", st.just(name))
        for name in ("read", "children", "is", "stat", "resolve", "strict", "write", "touch", "mkdir", "unlink", "open")
    ),
)


def compare(ask, drawn) -> None:
    """Assert that both give the same for each of the operations."""
    expected, observed = ask(drawn)
    for each, one, other in zip(drawn, expected, observed, strict=True):
        assert comparable(other, one) == one, each


def comparable(observed, expected):
    """Return ``observed`` without the file name of an error, where ``expected`` names none (``os.utime`` before 3.13)."""
    if type(expected) is list and len(expected) == 5 and str(expected[0]).endswith("Error") and expected[3] is None:
        return [observed[0], observed[1].split(":")[0], observed[2], None, None]
    return observed


def test_random_operations_give_what_a_mount_gives(both, python):
    ask = both(python)

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.lists(operations, min_size=1, max_size=8))
    def test(drawn):
        compare(ask, drawn)

    test()


@pytest.mark.conformance
def test_thousands_of_sequences_give_what_a_mount_gives(both, python):
    ask = both(python)

    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(operations, min_size=1, max_size=8))
    def test(drawn):
        compare(ask, drawn)

    test()
