"""Applications from the package index do in one file what they do installed."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import cache
from pathlib import Path

import pytest
from interpreters import interpreters
from packaging.specifiers import SpecifierSet
from running import run
from sharing import only_one

from bundler.build import build

pytestmark = pytest.mark.network

APPS = Path(__file__).parent.parent / "apps"


@dataclass(frozen=True)
class Application:
    """What to build, and what to do with it."""

    name: str
    start: dict[str, object]  #: further arguments of the build
    installed: tuple[str, ...]  #: how it is started in an environment: a script, or switches of the interpreter
    arguments: tuple[str, ...]  #: ``{directory}`` is an empty directory
    says: str  #: a pattern that its output has
    everywhere: bool = False  #: compare with an environment of each Python, not of one
    exits: int = 0


APPLICATIONS = (
    Application("cowsay", {"console_script": "cowsay"}, ("cowsay",), ("-t", "moo – ü"), "moo – ü"),
    Application(
        "httpie",
        {"console_script": "http"},
        ("http",),
        # which encodings are accepted depends on what the standard library has
        ("--offline", "--ignore-stdin", "POST", "example.org/path", "Accept-Encoding:identity", "name=bundler"),
        r"POST /path HTTP/1\.1",
        everywhere=True,
    ),
    Application("flask", {"source": APPS / "shop", "entry_point": "shop"}, ("-m", "shop"), (), "<li>coffee &amp; cake"),
    Application("yt-dlp", {"console_script": "yt-dlp"}, ("yt-dlp",), ("--list-extractors",), r"\nyoutube\n"),
    Application(
        "django", {"console_script": "django-admin"}, ("django-admin",), ("startproject", "place", "{directory}"), "^$"
    ),
    # its services are the directories beside a module
    Application("awscli", {"console_script": "aws"}, ("aws",), ("no-service",), r"\nec2 +\| ec2-instance-connect", exits=2),
)


@cache
def builder() -> str:
    """Return the newest interpreter that can install."""
    for python in reversed(interpreters().values()):
        if has_installer(python):
            return python
    pytest.skip("no interpreter has pip")


@cache
def has_installer(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def index(shared):
    """Skip where there is no package index."""
    with only_one(shared / "index.json") as new:
        if new:
            command = [builder(), "-m", "pip", "download", "--no-deps", "--dest", str(shared / "index"), "cowsay"]
            asked = subprocess.run(command, capture_output=True, text=True)
            (shared / "index.json").write_text(json.dumps(asked.stderr if asked.returncode else ""))
    problem = json.loads((shared / "index.json").read_text())
    if problem:
        pytest.skip("no package index: %s" % problem.strip().splitlines()[-1])


@pytest.fixture(scope="session")
def bundled(shared, index) -> Callable[[Application], Path]:
    """A function that builds an application, once a session."""

    def bundled(application: Application) -> Path:
        output = shared / f"{application.name}.pyz"
        with only_one(output) as new:
            if new:
                options = {"source": None, **application.start}
                cache_directory = shared / "applications-cache"
                build(output=output, with_=[application.name], python=builder(), level=1, cache=cache_directory, **options)
        return output

    return bundled


@pytest.fixture(scope="session")
def environment(shared) -> Callable[[Path, str], Path]:
    """A function that installs what an app file holds, in the same versions, and returns the environment's ``bin``."""

    def environment(app: Path, python: str) -> Path:
        root = shared / f"{app.stem}-{Path(python).name}"
        with only_one(root) as new:
            if new:
                subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
                pins = [f"{each['Name']}=={each['Version']}" for each in metadata(app)]
                options = ["--no-deps", "--no-compile", "--quiet", "--disable-pip-version-check"]
                command = [python, "-m", "pip", "--python", str(root / "bin" / "python"), "install", *options, *pins]
                subprocess.run(command, check=True, capture_output=True)
                (root / "whole").touch()
        assert (root / "whole").exists(), "installing has failed, see the first test that needed it"
        return root / "bin"

    return environment


def metadata(app: Path):
    with zipfile.ZipFile(app) as archive:
        names = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return [HeaderParser().parsestr(archive.read(name).decode("utf-8")) for name in names]


@pytest.mark.costly
@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda application: application.name)
def test_application_does_what_it_does_installed(python, application, bundled, environment, tmp_path):
    app = bundled(application)
    (version,) = (version for version, path in interpreters().items() if path == python)
    for each in metadata(app):
        if not SpecifierSet(each["Requires-Python"] or "").contains(version):
            pytest.skip(f"{each['Name']} {each['Version']} is for Python {each['Requires-Python']}")
    own = application.everywhere and has_installer(python)
    directory = environment(app, python if own else builder())
    start = application.installed
    command = [directory / "python", *start] if start[0] == "-m" else [directory / start[0]]
    expected, made = outcome(tmp_path / "installed", application, command, {"PYTHONPATH": str(APPS / "shop")})
    assert expected[0] == application.exits, expected[2]
    assert re.search(application.says, expected[2] if application.exits else expected[1])
    assert outcome(tmp_path / "bundled", application, [python, app], {}) == (expected, made)


def outcome(directory: Path, application: Application, command: list, env: dict[str, str]):
    """Run and return exit code, output, errors; and the files written below ``directory``."""
    directory.mkdir()
    arguments = [argument.format(directory=directory) for argument in application.arguments]
    ran = run(*command, *arguments, env=env)
    written = {
        path.relative_to(directory).as_posix(): re.sub("SECRET_KEY = .*", "", path.read_text("utf-8"))
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    return (ran.returncode, ran.stdout, ran.stderr), written
