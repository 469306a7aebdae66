"""Data files below a prefix: which show there, which modules look for them, and where an environment has them."""

from __future__ import annotations

import marshal

import pytest
from trees import installed, write_tree

from bundler import prefixed
from bundler.installed import read
from bundler.stages import Compiled, File


def test_directories_two_deep_show_of_distributions_only():
    owned = ["share/jupyter/a/b.json", "share/jupyter/c.json", "share/one.txt", "share/man/man1/x.1", "share/doc/x", "etc/x/y.ini", "etcetera/z", "x.py"]
    files = [File(path, None, owner="x") for path in owned]
    assert prefixed.directories([*files, File("share/own/file", None)]) == ("etc/x", "share/jupyter", "share/one.txt")
    assert prefixed.directories([*files, File("share/__init__.py", None, owner="x")]) == ("etc/x",)
    assert prefixed.word("share/a b%20") == "share/a%20b%2520"


@pytest.mark.parametrize(
    ("source", "looks"),
    [
        ("import sys\nsys.prefix", True),
        ("from sys import exec_prefix", True),
        ("import sysconfig\nsysconfig.get_path('data')", True),
        ("import site\ndef f(): return site.PREFIXES", True),
        ("import sys\nsys.path", False),
        ("prefix = 1\nprint(prefix)", False),
        ("'sys.prefix is not asked for'", False),
    ],
)
def test_module_looks_there_if_it_names_the_prefix(source, looks):
    assert prefixed.looks_there(Compiled({0: marshal.dumps(compile(source, "x.py", "exec"))})) is looks


def test_data_files_of_an_environment_are_taken_from_its_prefix(tmp_path):
    site_packages = tmp_path / "lib/python3.11/site-packages"
    outside = ["../../../share/x/data.txt", "../../../etc/x.conf", "../../../share/x/absent", "../../../include/x.h", "../../../bin/x"]
    files = installed("x", "1", {"x.py": "", **{path: path for path in outside}})
    missing = outside[2]
    write_tree(site_packages, {path: content for path, content in files.items() if path != missing})
    _, found = read(site_packages)
    taken = {file.path: (file.origin.read_text(), file.owner) for file in found if file.path.startswith(("share", "etc", "inc", "bin", ".."))}
    assert taken == {"share/x/data.txt": (outside[0], "x"), "etc/x.conf": (outside[1], "x")}
    (record,) = [file.replaces.decode() for file in found if file.path.endswith("RECORD")]
    assert [line.partition(",")[0] for line in record.splitlines()] == [
        "etc/x.conf", "share/x/data.txt", "x-1.dist-info/METADATA", "x-1.dist-info/RECORD", "x.py",
    ]  # fmt: skip
