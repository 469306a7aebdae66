"""``importlib.metadata`` in an application: what it is answered, and what is read for that."""

from __future__ import annotations

from running import run
from trees import installed

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
