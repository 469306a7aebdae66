"""How the environment reaches an app is decided at build: not at all, behind it, or in front of it (as in pex)."""

from __future__ import annotations

import ast

import pytest
from running import run
from trees import write_tree

FILES = {
    "tool.py": """if 1:
        import sys, thing, json
        try:
            import stranger
        except ImportError:
            stranger = None
        print([thing.ORIGIN, stranger and stranger.ORIGIN, json.__file__.startswith(sys.argv[1]), sys.path.index(sys.bundler_file)])
    """,
    "thing.py": "ORIGIN = 'bundle'\n",
}
ENVIRONMENT = {
    "thing.py": "ORIGIN = 'environment'\n",
    "stranger.py": "ORIGIN = 'environment'\n",
}


@pytest.mark.parametrize("imported", [False, True], ids=["not imported before", "imported before"])
@pytest.mark.parametrize(
    "inherit, thing, stranger",
    [("no", "bundle", None), ("fallback", "bundle", "environment"), ("prefer", "environment", "environment")],
)
def test_environment_reaches_the_app_as_the_build_says(
    python, target, build_app, tmp_path, inherit, thing, stranger, imported
):
    app = build_app(FILES, entry_point="tool", inherit_path=inherit, python=target)
    write_tree(tmp_path, {**ENVIRONMENT, **({"sitecustomize.py": "import thing\n"} if imported else {})})
    ran = run(python, app, tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    found = ast.literal_eval(ran.stdout)
    assert found[:3] == [thing, stranger, False]
    assert (found[3] == 0) == (inherit != "prefer")
