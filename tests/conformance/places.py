"""One tree in four places, and what code observes in each."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from running import run

from bundler.build import build

TREE = Path(__file__).parent / "tree"
TOPICS = tuple(sorted(path.stem for path in (TREE / "observing").glob("*.py") if path.stem != "__init__"))
WAYS = ("directory", "zip", "launched", "doorway")

_DOORWAY = "import sys; sys.path[0] = sys.argv.pop(1); from observing import main; main()"


class Places:
    """The tree as a directory, a zip and a bundle below ``root``, for ``python``."""

    def __init__(self, root: Path, python: str) -> None:
        self._root = root
        directory = shutil.copytree(TREE, root / "directory", ignore=shutil.ignore_patterns("__pycache__"))
        _compile_alone(directory / "sourceless", python)
        # an environment with nothing installed: else its distributions would be among what is observed
        _check(run(python, "-m", "venv", "--without-pip", root / "venv"))
        self._python = root / "venv" / "bin" / "python"
        archive, bundle = root / "tree.zip", root / "tree.pyz"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(directory.rglob("*")):
                file.write(path, path.relative_to(directory))
        build(None, bundle, site_packages=directory, entry_point="observing:main", python=str(python), cache=False)
        # as an installer leaves it; some are there because they do not compile
        run(python, "-m", "compileall", "-q", directory)
        self._commands = {
            "directory": [directory],
            "zip": [archive],
            "launched": [bundle],
            "doorway": ["-c", _DOORWAY, bundle],
        }

    def observe(self, way: str, topic: str) -> dict[str, Any]:
        """Return what is observed on ``topic`` where the tree is imported in the way ``way``, by name."""
        with TemporaryDirectory(dir=self._root) as home:
            answers = Path(home, "answers.json")
            environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
            _check(run(self._python, *self._commands[way], topic, answers, env=environment, timeout=600))
            observed: dict[str, Any] = json.loads(answers.read_text("utf-8"))
        return dict(_named(topic, observed))


def _compile_alone(package: Path, python: str) -> None:
    """Put bytecode in the place of the package's sources: it is each Python's own."""
    _check(run(python, "-m", "compileall", "-q", "-b", "-d", package.name, package))
    for path in package.rglob("*.py"):
        path.unlink()


def differing(expected: Mapping[str, Any], observed: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return ``(expected, observed)`` for the observations that are not the same; None for one that is absent."""
    return {
        name: (expected.get(name), observed.get(name))
        for name in [*expected, *(name for name in observed if name not in expected)]
        if name not in observed or name not in expected or expected[name] != observed[name]
    }


def _named(prefix: str, observed: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in observed.items():
        if isinstance(value, dict) and "raised" not in value:
            yield from _named(f"{prefix}.{key}", value)
        else:
            yield f"{prefix}.{key}", value


def _check(ran: Any) -> None:
    assert ran.returncode == 0, ran.stderr
