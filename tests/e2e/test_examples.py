"""The examples build as their README says, and run on every Python that their contents support."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email.parser import BytesHeaderParser
from functools import cache
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

VERSIONS = "1.10\n1.10rc1\n1.9\n"


@cache
def commands() -> dict[str, str]:
    """Return the build commands of examples/README.md, by what they write."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^bundler (build .* -o (\S+))$", text, re.MULTILINE)
    return {name: command for command, name in found}


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return a function that builds an example once and returns its app file."""
    directory = tmp_path_factory.mktemp("examples")

    @cache
    def build(name: str) -> Path:
        output = directory / name
        arguments = commands()[name].replace("-o " + name, "").split()
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bundler", *arguments, "-q", "-o", str(output)]
        done = subprocess.run(command, cwd=EXAMPLES, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return output

    return build


def run(python: str, app: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``app`` from the root directory, with next to no environment."""
    unsupported = [each for each in requires_python(app) if version(python) not in SpecifierSet(each)]
    if unsupported:
        pytest.skip("a dependency wants Python %s" % unsupported[0])
    return subprocess.run(
        [python, str(app), *arguments],
        cwd="/",
        env={"PATH": os.defpath, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def requires_python(app: Path) -> list[str]:
    """Return what the distributions in ``app`` say of the Pythons that they run on."""
    with zipfile.ZipFile(app) as archive:
        metadata = [archive.read(name) for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    found = [BytesHeaderParser().parsebytes(each)["Requires-Python"] for each in metadata]
    return [each for each in found if each]


@cache
def version(python: str) -> str:
    program = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    return subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_every_example_is_in_the_readme():
    directories = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert directories == {command.split()[1].partition("/")[0] for command in commands().values()}


def test_hello_greets_with_its_data_file(python, built):
    done = run(python, built("hello.pyz"), "Ada", "Zoë")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"\S+( \S+)?, Ada!\n\S+( \S+)?, Zoë!\n", done.stdout)


@pytest.mark.network
def test_script_brings_what_its_metadata_names(python, built):
    done = run(python, built("newest.pyz"), "1.9", "1.10", "1.10rc1")
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSIONS, "")


@pytest.mark.network
def test_script_exits_with_its_message(python, built):
    done = run(python, built("newest.pyz"), "one")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "newest: Invalid version: 'one'\n")


@pytest.mark.network
def test_web_application_renders_its_template(python, built):
    done = run(python, built("webapp.pyz"), "--print")
    assert (done.returncode, done.stderr) == (0, "")
    assert "<li>Ada</li>\n  <li>Grace &amp; Alan</li>\n" in done.stdout
