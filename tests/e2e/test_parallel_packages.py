"""Packages that start Pythons of their own do so from one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import interpreters
from running import run

from bundler.build import build

pytestmark = pytest.mark.network

SOURCE = Path(__file__).parent.parent / "apps" / "parallel.py"
TESTS = "import iniconfig\ndef test_bundled(): assert 'app.pyz' in iniconfig.__file__\ndef test_other(): pass\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("parallel") / "app.pyz"
    build(SOURCE, output, with_=("joblib", "execnet", "pytest", "pytest-xdist"), entry_point="parallel:main")
    return output


@pytest.mark.parametrize("version", ["3.11", "3.14"])
@pytest.mark.parametrize(
    ("package", "says"), [("loky", "[0, 1, 4, 9]"), ("execnet", "['iniconfig', False]"), ("xdist", "2 passed")]
)
def test_package_starts_children_that_find_the_bundle(app, package, says, version, tmp_path):
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"Python {version} is absent")
    (tmp_path / "test_it.py").write_text(TESTS)
    ran = run(python, app, package, tmp_path / "test_it.py", cwd=tmp_path, env={"HOME": str(tmp_path)}, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert says in ran.stdout
