"""``pkg_resources`` shows of a bundle what it shows of a directory: several of its versions, as they come from the index."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from interpreters import interpreters
from running import run

from bundler.build import build

pytestmark = [pytest.mark.conformance, pytest.mark.network]

TREE = Path(__file__).parent / "tree"

#: Version of setuptools, and the Pythons that it is for.
VERSIONS = {"57.5.0": ("3.9", "3.10", "3.11"), "71.1.0": ("3.9", "3.12", "3.13"), "80.9.0": tuple(interpreters())}

PROGRAM = """
import json, os, sys, warnings
warnings.simplefilter("ignore")
ROOT = os.path.dirname(os.path.abspath(__file__))
import pkg_resources
from pkg_resources import Requirement, get_distribution, iter_entry_points, resource_exists, working_set

def attempt(function, *arguments):
    try:
        answer = function(*arguments)
        return sorted(map(str, answer)) if isinstance(answer, (list, dict)) or hasattr(answer, "__next__") else str(answer)
    except Exception as error:
        return [type(error).__name__, str(error)]

def metadata(name):
    found = get_distribution(name)
    return [
        found.project_name, found.version, found.location, found.precedence, str(found.egg_info), found.key, sorted(found.extras),
        [[name, found.has_metadata(name), attempt(found.get_metadata, name)] for name in ("METADATA", "PKG-INFO", "RECORD", "absent")],
        attempt(found.metadata_listdir, ""), attempt(found.metadata_isdir, "licenses"), attempt(found.metadata_isdir, "METADATA"),
        attempt(found.get_metadata_lines, "entry_points.txt"), attempt(found.requires), attempt(found.requires, ["far"]),
        attempt(found.get_resource_filename, pkg_resources, "shapes/circle.py"), attempt(found.as_requirement), attempt(found.get_entry_map),
    ]

def main():
    sys.path.append(os.path.join(ROOT, "elsewhere"))
    working_set.add_entry(os.path.join(ROOT, "elsewhere"))
    import shapes.data
    text = pkg_resources.resource_filename("shapes", "data/table.txt")
    with open(text) as file:
        content = file.read()
    print(json.dumps([
        sorted(str(each) + each.location for each in working_set), [str(each) for each in working_set.by_key if each == "shapes"],
        [attempt(metadata, name) for name in ("shapes", "odd-name.thing", "old-style", "flat", "bare", "beyond", "absent")],
        [attempt(pkg_resources.require, name) for name in ("shapes", "shapes[far]", "shapes>2", "old-style")],
        sorted(attempt(each.load) + str(each) for each in iter_entry_points("shapes.plugins") if each.name != "with spaces"),
        attempt(pkg_resources.load_entry_point, "shapes", "console_scripts", "circle"),
        text, content, pkg_resources.resource_string("shapes", "data/table.txt").decode(), pkg_resources.resource_stream("shapes.inner", "square.py").read().decode(),
        [[name, resource_exists("shapes", name), attempt(pkg_resources.resource_isdir, "shapes", name), attempt(pkg_resources.resource_listdir, "shapes", name)]
         for name in ("", "data", "data/table.txt", "absent")],
        attempt(pkg_resources.resource_string, "shapes", "absent"), attempt(pkg_resources.resource_filename, "shapes", "../x"),
        resource_exists(Requirement.parse("shapes"), "shapes/data/table.txt"), pkg_resources.resource_filename(Requirement.parse("shapes"), "shapes"),
        sorted(str(each) for each in pkg_resources.find_distributions(os.path.join(ROOT, "elsewhere"))), attempt(pkg_resources.find_distributions, ROOT + "/absent"),
        sorted(str(each) for key in pkg_resources.Environment([ROOT]) for each in pkg_resources.Environment([ROOT])[key]),
        sorted(str(each) for each in working_set.resolve([Requirement.parse("shapes")])), os.path.isdir(pkg_resources.resource_filename("shapes", "data")),
        namespaces(),
    ]).replace(ROOT, "<root>"))

def namespaces():
    import declared.one, declared.two
    return [list(sys.modules["declared"].__path__), declared.one.__file__, declared.two.__file__]
"""

DECLARED = "__import__('pkg_resources').declare_namespace(__name__)\n"


@pytest.fixture(scope="session", params=VERSIONS)
def version(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def tree(version, tmp_path_factory) -> Path:
    """The suite's tree with setuptools, and a namespace package declared in the old way in two places of it."""
    root = tmp_path_factory.mktemp("tree")
    wheels = root / "wheels"
    python = next(iter(interpreters().values()))
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), f"setuptools=={version}"]
    asked = subprocess.run(command, capture_output=True, text=True)
    if asked.returncode:
        pytest.skip("no package index: %s" % asked.stderr.strip().splitlines()[-1])
    with zipfile.ZipFile(next(wheels.iterdir())) as wheel:
        wheel.extractall(root / "tree")
    for path in TREE.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            copy = root / "tree" / path.relative_to(TREE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    for place, module in (("", "one"), ("elsewhere", "two")):
        package = root / "tree" / place / "declared"
        package.mkdir()
        (package / "__init__.py").write_text(DECLARED)
        (package / f"{module}.py").write_text("")
    (root / "tree" / "showing.py").write_text(PROGRAM)
    return root / "tree"


def test_bundle_is_shown_as_a_directory_is(python, version, tree, tmp_path):
    (name,) = (name for name, path in interpreters().items() if path == python)
    if name not in VERSIONS[version]:
        pytest.skip(f"setuptools {version} is not for Python {name}")
    bundle = tmp_path / "app.pyz"
    build(None, bundle, site_packages=tree, entry_point="showing:main", python=python, cache=False)
    start = "import sys; sys.path.insert(0, sys.argv[1]); import showing; showing.main()"
    expected, library = (run(python, "-S", "-B", "-c", start, place) for place in (tree, bundle))
    launched = run(python, bundle)
    assert (expected.returncode, library.stderr, launched.stderr) == (0, "", ""), expected.stderr
    shown, *others = (json.loads(re.sub("0x[0-9a-f]+", "0x", ran.stdout)) for ran in (expected, launched, library))
    for other in others:
        assert [pair for pair in zip(shown, other) if pair[0] != pair[1]] == []
