"""Bundles as libraries: files on `sys.path` or PYTHONPATH, with nothing to start and nothing to call first."""

from __future__ import annotations

from ast import literal_eval
from pathlib import Path

import pytest
from applications import pins
from installing import environment, site_packages
from interpreters import interpreters
from running import run
from sharing import only_one

from bundler.build import build
from bundler.errors import EntryPointError

VERSIONS = [version for version in ("3.11", "3.14") if version in interpreters()]
ROOT = Path(__file__).parents[2] / "build" / "native"


def test_zip_of_requirements_is_a_library(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "leaf.py").write_text("GREEN = 1\n")
    assert build(None, tmp_path / "libs.zip", site_packages=tree, cache=False).entry_point is None
    assert build(None, tmp_path / "app.zip", site_packages=tree, entry_point="leaf", cache=False).entry_point.module == "leaf"
    with pytest.raises(EntryPointError, match="has no console script") as raised:
        build(None, tmp_path / "libs.pyz", site_packages=tree, cache=False)
    assert raised.value.hint == "name a callable with `-e MODULE:CALLABLE`, or start nothing with `--library`"
    with pytest.raises(EntryPointError, match=r"has no .__main__\.py."):
        build(tree, tmp_path / "app.zip", cache=False)


PROGRAM = """
import multiprocessing, sys
{enter}

def work(number):
    import numpy, pandas
    return int(pandas.Series(range(number)).sum()), numpy.__file__.split(sys.argv[1])[1]

if __name__ == "__main__":
    found = {{}}
    for method in ("spawn", "forkserver", "fork"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            found[method] = pool.map(work, [3, 4])
    import numpy, pandas, scipy.linalg
    found["files"] = [module.__file__.split(sys.argv[1])[1] for module in (numpy, pandas, scipy)]
    found["value"] = round(float(scipy.linalg.det(numpy.eye(3) * 2)), 6)
    print(found)
"""


@pytest.fixture(scope="module", params=VERSIONS)
def bundles(request, shared) -> tuple[str, Path]:
    """A Python, and a directory with two bundles that both have numpy: with pandas, and with scipy."""
    version = request.param
    python = interpreters()[version]
    directory = shared / f"library bundles {version}"
    with only_one(directory) as new:
        if new:
            directory.mkdir()
            for name in ("pandas", "scipy"):
                packages = site_packages(environment(ROOT / version / name, python, [name], pins("arrays", version)))
                build(None, directory / f"{name}.zip", site_packages=packages, python=python, level=1, cache=ROOT / version / "cache")
    return python, directory


@pytest.mark.conformance
@pytest.mark.network
@pytest.mark.parametrize("way", ["PYTHONPATH", "sys.path"])
def test_two_bundles_on_one_path_share_the_first_numpy_with_children_too(bundles, way, tmp_path):
    python, directory = bundles
    paths = [str(directory / "pandas.zip"), str(directory / "scipy.zip")]
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(enter=f"sys.path[:0] = {paths}" if way == "sys.path" else ""))
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(paths)} if way == "PYTHONPATH" else {"PATH": "/usr/bin:/bin"}
    ran = run(python, program, directory, cwd=tmp_path, env=env)
    assert (ran.returncode, ran.stderr) == (0, "")
    numpy = "/pandas.zip/numpy/__init__.py"
    assert literal_eval(ran.stdout) == {
        **dict.fromkeys(("spawn", "forkserver", "fork"), [(3, numpy), (6, numpy)]),
        "files": [numpy, "/pandas.zip/pandas/__init__.py", "/scipy.zip/scipy/__init__.py"],
        "value": 8.0,
    }
