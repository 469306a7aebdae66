"""``bundler profile`` on every Python: the app does what it does, and its time is accounted for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bundler.build import build

ROOT = Path(__file__).parents[2]


def profile(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bundler", "profile", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app that imports a module of its own and one of the library's, in a directory with a space in its name."""
    directory = tmp_path_factory.mktemp("an app")
    (directory / "src" / "shop").mkdir(parents=True)
    (directory / "src" / "shop" / "__init__.py").write_text("import colorsys\nfrom shop import prices\n")
    (directory / "src" / "shop" / "prices.py").write_text("TABLE = [str(n) for n in range(1000)]\n")
    (directory / "src" / "shop" / "main.py").write_text(
        "import os, sys\n"
        "def main():\n"
        "    print('sold', sys.argv, 'driver' in sys.modules, sys.path[0] == sys.bundler_file, sorted(vars(sys.modules['__main__'])))\n"
        "    if '--gone' in sys.argv:\n"
        "        os._exit(4)\n"
        "    return 3\n"
    )
    build(directory / "src", directory / "shop.pyz", entry_point="shop.main:main")
    return directory / "shop.pyz"


def test_app_runs_as_by_itself_and_its_modules_are_listed(python: str, app: Path) -> None:
    watched = profile("--json", "--html", "page.html", "-p", python, "shop.pyz", "--json", "-x", cwd=app.parent)
    assert watched.returncode == 0, watched.stderr
    alone = subprocess.run([python, "shop.pyz", "--json", "-x"], cwd=app.parent, capture_output=True, text=True)
    assert alone.returncode == 3
    assert alone.stdout in watched.stderr
    content = json.loads(watched.stdout)
    assert (content["status"], content["arguments"]) == (3, ["--json", "-x"])
    origins = {module["name"]: module["origin"] for module in content["modules"]}
    assert [origins[name] for name in ("shop", "shop.prices", "shop.main", "colorsys")] == ["bundle"] * 3 + ["library"]
    rows = {module["name"]: module for module in content["modules"]}
    assert rows["shop"]["cumulative"] > rows["shop.prices"]["cumulative"] > 0
    assert rows["shop.prices"]["run"] > 0 < rows["shop"]["unmarshal" if content["python"].startswith("%d.%d." % sys.version_info[:2]) else "other"]
    # each nanosecond is booked once
    assert sum(content["total"].values()) == content["length"]
    assert "shop.prices" in (app.parent / "page.html").read_text("utf-8")


def test_table_goes_to_stdout(app: Path) -> None:
    shown = profile("-n", "2", "shop.pyz", cwd=app.parent)
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("shop.pyz on Python ")
    assert lines[-1].endswith(" more")
    assert shown.stderr.startswith("sold ")


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["nosuch.pyz"], "error: cannot read `nosuch.pyz`: No such file or directory", ""),
        (["src/shop/main.py"], "error: `src/shop/main.py` is no app file", "hint: name a file that `bundler build` has written"),
        (["-p", "no/such", "shop.pyz"], "error: `no/such` cannot be run: No such file or directory", "hint: name another Python with `--python`"),
        (["shop.pyz", "--gone"], "error: `shop.pyz` left no record: it exited with 4, without an interpreter's usual end", "hint: give it arguments"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_said_in_a_line(app: Path, arguments: list[str], message: str, hint: str) -> None:
    refused = profile(*arguments, cwd=app.parent)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert hint in refused.stderr
    assert "Traceback" not in refused.stderr
