"""Garbage is not collected while the application imports; before and after, and for whoever looks, it is as Python sets it."""

from __future__ import annotations

import ast

import pytest
from running import run

FILES = {
    "main.py": """if 1:
        import gc, sys, time
        HERE = gc.get_threshold()
        def collections():
            return [each["collections"] for each in gc.get_stats()]
        def tree(size):
            return [[number] for number in range(size)]
        def main():
            entered = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
            before = collections()
            import heavy
            within = [new - old for old, new in zip(before, collections())]
            after = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
            before = collections()
            kept = tree(3000)
            later = [new - old for old, new in zip(before, collections())]
            print([HERE, entered, within, after, later, heavy.INNER, heavy.SEEN])
    """,
    "heavy.py": """if 1:
        import gc, main
        SEEN = gc.get_threshold()
        KEPT = main.tree(60000)
        import inner
        INNER = gc.get_threshold()
    """,
    "inner.py": "",
    "setting.py": """if 1:
        import gc
        def main():
            import sets, switches, never
            print([sets.SET == gc.get_threshold(), gc.isenabled(), gc.get_threshold()])
    """,
    "sets.py": "import gc\ngc.set_threshold(1234, 5, 6)\nSET = gc.get_threshold()\n",
    "switches.py": "import gc\ngc.disable()\n",
    "never.py": "import gc\n",
    "zero.py": """if 1:
        import gc
        gc.set_threshold(0)
        def main():
            import heavy, failing_caught
            print([gc.get_threshold()[0], heavy.SEEN[0], failing_caught.TRIED])
    """,
    "failing_caught.py": "import gc\ntry:\n    import failing\nexcept ValueError:\n    TRIED = gc.get_threshold()[0]\n",
    "failing.py": "raise ValueError\n",
    "raising.py": """if 1:
        import gc
        def main():
            before = gc.get_threshold()
            try:
                import failing
            except ValueError as error:
                import traceback
                print([before == gc.get_threshold(), [frame.name for frame in traceback.extract_tb(error.__traceback__)]])
    """,
}


@pytest.fixture(scope="session")
def observed(python, build_app):
    def observe(module, **env):
        app = build_app(FILES, entry_point=module + ":main", python=python)
        ran = run(python, app, env=env)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ast.literal_eval(ran.stdout)

    return observe


def default(python):
    return ast.literal_eval(run(python, "-I", "-c", "import gc; print(gc.get_threshold())").stdout)


def test_nothing_is_collected_while_the_application_imports_and_all_is_as_it_was_afterwards(python, observed):
    here, entered, within, after, later, inner, seen = observed("main")
    assert entered == after == (default(python), True, 0)
    assert within == [0, 0, 0]
    assert here == seen == inner != default(python), "an import within another does not end it"
    # what was imported is not walked by the next collections
    assert later[2] == 0
    assert 0 < sum(later) < 20


def test_disabled_it_is_collected_as_ever(python, observed):
    _, entered, within, after, _, inner, _ = observed("main", BUNDLER_DISABLE="collection")
    assert entered[:2] == after[:2] == (default(python), True)
    assert inner == default(python)
    assert sum(within) > 10


def test_what_the_application_sets_while_it_imports_stays(observed):
    assert observed("setting") == [True, False, (1234, 5, 6)]


def test_never_means_never(observed):
    assert observed("zero") == [0, 0, 0]


def test_failed_import_ends_it_and_shows_no_frame_of_it(python, observed):
    assert observed("raising") == [True, ["main", "<module>"]]
