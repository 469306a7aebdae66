"""``importlib.metadata`` in an application: what it is answered, and what is read for that."""

from __future__ import annotations

import ast
import shutil

from running import run
from trees import installed, write_tree

INSTALLED = {
    **installed("Some-Plugins", "1.0", {"some.py": "VALUE = 1\n"}, "[console_scripts]\nsome = some:VALUE\n"),
    **installed("other", "2.0", {"other.py": ""}),
    "old.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: old\nVersion: 3.0\n",
}

# what is read of distributions while the entry points are listed
READS = """
import importlib.metadata as metadata

def main():
    read = []
    kind = type(metadata.distribution("other"))
    read_text = kind.read_text
    kind.read_text = lambda self, name: read.append(name) or read_text(self, name)
    found = metadata.entry_points()
    found = found["console_scripts"] if isinstance(found, dict) else found.select(group="console_scripts")
    print([[each.name for each in found], sorted(set(read))])
"""

SPELLINGS = """
from importlib.metadata import version

def main():
    print([version(name) for name in ("Some-Plugins", "some_plugins", "SOME_PLUGINS", "other", "old")])
"""


def test_listing_entry_points_reads_no_metadata_but_the_entry_points(build_app, python):
    app = build_app({"main.py": READS}, INSTALLED, entry_point="main:main", python=python)
    ran = run(python, app)
    assert (ran.stdout, ran.stderr) == ("[['some'], ['entry_points.txt']]\n", "")


def test_distributions_are_found_by_any_spelling_of_their_name(build_app, python):
    app = build_app({"main.py": SPELLINGS}, INSTALLED, entry_point="main:main", python=python)
    ran = run(python, app)
    assert (ran.stdout, ran.stderr) == ("['1.0', '1.0', '1.0', '2.0', '3.0']\n", "")

# how often the file is read while the entry points of all distributions are listed
COUNTED = """
import os

def main():
    import importlib.metadata as metadata
    list(metadata.distributions(name="absent"))
    before, reads = os.pread, []
    os.pread = lambda *arguments: reads.append(arguments) or before(*arguments)
    found = metadata.entry_points()
    listed, count = len(found["plugins"] if isinstance(found, dict) else found), len(reads)
    del reads[:]
    versions = len([each.version for each in metadata.distributions()])
    print([listed, count, versions, len(reads)])
"""

# as importlib_metadata does when it is imported: it takes the standard finder's place, and a start takes its own away
BACKPORT = """
import importlib.metadata, sys
class MetadataPathFinder(importlib.metadata.MetadataPathFinder):
    pass
for finder in sys.meta_path:
    if getattr(finder, "__module__", None) == "_frozen_importlib_external":
        del finder.find_distributions
sys.meta_path.append(MetadataPathFinder())
"""

# what pkg_resources has to do with this: adapters by the class that it is told, or that it asks for
REGISTRY = """
import inspect

finders, providers, handlers = {}, {}, {}
register_finder, register_loader_type, register_namespace_handler = finders.__setitem__, providers.__setitem__, handlers.__setitem__

class DefaultProvider: pass
def find_on_path(): pass
def file_ns_handler(): pass

def adapter(registry, value):
    return [registry[kind] for kind in inspect.getmro(getattr(value, "__class__", type(value))) if kind in registry]
"""

LOOKING = """
import sys, pkgutil, registry

def main():
    finder = pkgutil.get_importer(sys.path[0])
    found = [registry.adapter(registry.finders, finder), registry.adapter(registry.providers, registry.__loader__)]
    assert found == [[registry.find_on_path], [registry.DefaultProvider]], found
    assert registry.adapter(registry.handlers, finder) == [registry.file_ns_handler]
    assert isinstance(finder, type(finder)) and finder.__class__ is type(finder)
    # once: another registration stays
    registry.register_finder(type(finder), "mine")
    assert registry.adapter(registry.finders, finder) == ["mine"]
    print("done")
"""


def test_entry_points_of_many_distributions_take_few_reads(build_app, python):
    many = {"scattered/__init__.py": ""}
    for number in range(100):
        name = f"{chr(97 + number % 26)}{number}"
        many.update(installed(name, "1.0", {f"{name}/{part}.py": "" for part in ("__init__", *"abcdefghij")}, f"[plugins]\n{name} = {name}\n"))
    app = build_app({"main.py": COUNTED}, many, entry_point="main:main", python=python, codec="zlib")
    ran = run(python, app)
    listed, reads, versions, more = ast.literal_eval(ran.stdout)
    assert (listed, versions) == (100, 100)
    # pages of the metadata's own index, and the frames with entry points, METADATA
    assert 0 < reads <= 8 and more <= 3


def test_distributions_are_listed_once_beside_directories_and_archives(build_app, python, tmp_path):
    app = build_app({"main.py": SPELLINGS}, INSTALLED, entry_point="main:main", python=python)
    directory = write_tree(tmp_path / "directory", INSTALLED)
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", directory)
    program = (
        "import pathlib, sys; sys.path[:0] = sys.argv[1:]\n"
        "import importlib.metadata as metadata\n"
        "if not sys.flags.optimize: list(metadata.distributions())\n"  # what was listed before the bundle was entered is forgotten
        "sys.path.insert(0, sys.path.pop(1))\nimport some\nsys.path.insert(1, sys.path.pop(0))\n"
        "found = [each._path for each in metadata.distributions(name='other')]\n"
        "print([str(path).rstrip('/').rpartition('/')[0] for path in found], isinstance(found[1], pathlib.Path))\n"
        "print(str(metadata.distribution('other')._path), len(metadata.files('other')))"
    )
    for flags in ((), ("-O",)):
        ran = run(python, "-S", *flags, "-c", program, directory, app, archive)
        places = [str(directory), str(app), f"{archive}"]
        assert ran.stderr == ""
        assert ran.stdout == f"{places} True\n{directory}/other-2.0.dist-info {len(installed('other', '2.0', {'other.py': ''}))}\n"


def test_distributions_are_found_after_a_backport_was_kept_out(build_app, python, tmp_path):
    app = build_app({"main.py": SPELLINGS}, INSTALLED, entry_point="main:main", python=python)
    write_tree(tmp_path, {"sitecustomize.py": BACKPORT})
    ran = run(python, app, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.stdout, ran.stderr) == ("['1.0', '1.0', '1.0', '2.0', '3.0']\n", "")


def test_adapters_are_registered_with_whoever_looks_one_up(build_app, python, target):
    app = build_app({"main.py": LOOKING, "registry.py": REGISTRY}, entry_point="main:main", python=target)
    ran = run(python, app)
    assert (ran.stdout, ran.stderr) == ("done\n", "")
    # and as a library: the environment's, or the bundle's
    ran = run(python, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import main; main.main()", app)
    assert (ran.stdout, ran.stderr) == ("done\n", "")
