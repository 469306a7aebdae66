"""What is in every app file is small; what only some apps need is there as source, and works."""

from __future__ import annotations

import ast

from running import run

from bundler.write import runtime

EMPTY = {"__main__.py": "pass\n"}


def test_empty_app_is_at_most_60_kb(python, build_app):
    app = build_app(EMPTY, python=python)
    assert app.stat().st_size <= 60_000
    ran = run(python, app)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_parts_that_an_app_was_not_expected_to_need_are_compiled_when_it_does(python, build_app):
    app = build_app(EMPTY, python=python)
    program = (
        "import importlib.metadata, sys\n"
        "found = [each.metadata['Name'] for each in importlib.metadata.distributions()]\n"
        "print([found, sorted(name.partition('.')[2] for name in sys.modules if name.startswith('_bundler_'))])"
    )
    ran = run(python, app, "-c", program, env={"BUNDLER_INTERPRETER": "1"})
    assert (ran.returncode, ran.stderr) == (0, "")
    found, loaded = ast.literal_eval(ran.stdout)
    assert found == []
    assert {"process.interpreter", "metadata"} <= set(loaded)


def test_embedded_sources_are_the_code_and_nothing_else():
    for path, source in runtime.sources().items():
        bare = runtime.bare(source)
        assert _code(bare) == _code(source), path
        assert len(bare) < len(source)


def _code(source: bytes) -> str:
    """Return what runs: everything but docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            del node.body[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.unparse(node.body[0]) == "''":
            del node.body[0]
    return ast.dump(tree)
