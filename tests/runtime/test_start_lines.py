"""What ``.pth`` files of bundled distributions do at start is what they do in site-packages."""

from __future__ import annotations

import re

import pytest
from running import run
from trees import installed, write_tree

LINE = "import seen; seen.add(%r)\n"

FILES = {
    # in the order of names, not of distributions; lines in theirs
    **installed("zed", "1.0", {"a first.pth": LINE % "a first", "seen.py": "ALL = []\nadd = ALL.append\n"}),
    **installed(
        "paths",
        "1.0",
        {
            "paths.pth": "# a comment\n\nextra\nextra/größe\n" + LINE % "paths" + "extra\n.\n",
            "extra/from_extra.py": "WHERE = __file__\n",
            "extra/größe/from_deeper.py": "WHERE = __file__\n",
        },
    ),
    # as setuptools writes it for namespace packages
    **installed(
        "spaced",
        "1.0",
        {
            "spaced-nspkg.pth": "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('spaced',));"
            "m = sys.modules.setdefault('spaced', types.ModuleType('spaced'));mp = m.__dict__.setdefault('__path__',[]);"
            "(p not in mp) and mp.append(p)\n",
            "spaced/inner.py": "WHERE = __file__\n",
        },
    ),
    **installed("broken", "1.0", {"wrong.pth": LINE % "before" + "import sys; 1/0\nimport seen; seen.add('after')\nlater\n"}),
    "later/from_later.py": "WHERE = __file__\n",
    # without a name of its own `site` finds this one in its globals
    **installed("late", "1.0", {"z.pth": "import seen; seen.add(os.path.basename(sitedir) and sys.argv is not None)\n"}),
    "main.py": """if 1:
        import json, os, sys
        def main():
            root = os.path.dirname(__file__)
            sys.path[:] = [path for path in sys.path if path.startswith(root)]
            import seen, spaced.inner, from_extra, from_deeper
            modules = seen, spaced, spaced.inner, from_extra, from_deeper
            print(json.dumps([sys.path, seen.ALL, [getattr(module, "WHERE", None) for module in modules]]).replace(root, "ROOT"))
    """,
}  # fmt: skip

#: PEP 829: entry points, and that they come in the place of import lines.
STARTS = {
    **installed(
        "started",
        "1.0",
        {
            "both.pth": "only_here\n" + LINE % "not on 3.15",
            "both.start": "# a comment\nstarting:first\n\nstarting:wrong\nstarting\nstarting:absent\nstarting:last\n",
            "empty.pth": LINE % "not on 3.15 either",
            "empty.start": "",
            "only_here/starting.py": "import seen\n"
            "def first(): seen.add('first')\ndef last(): seen.add('last')\ndef wrong(): raise ValueError('wrong')\n",
            "seen.py": "ALL = []\nadd = ALL.append\n",
        },
    ),
    "main.py": "import seen\ndef main(): print(seen.ALL)\n",
}


def plain(text: str, root) -> str:
    """Return ``text`` without what names the place, or a frame of ``site``."""
    text = text.replace(str(root), "ROOT")
    return re.sub(r'  +File "[^"]*site[^"]*", line \d+, in \w+\n(      .*\n)?( +[~^]+\n)?', "", text)


@pytest.mark.parametrize("files", [FILES, STARTS], ids=["pth", "start"])
def test_lines_do_what_they_do_in_site_packages(python, target, tmp_path, build_app, files):
    site_packages = write_tree(tmp_path / "site packages", files)
    # a virtual environment runs some of them twice, depending on the version
    write_tree(tmp_path, {"start.py": "import site, sys; site.addsitedir(sys.argv[1]); import main; main.main()\n"})
    expected = run(python, "-S", tmp_path / "start.py", site_packages)
    app = build_app(None, files, entry_point="main:main", python=target)
    ran = run(python, app)
    assert (ran.returncode, ran.stdout) == (0, plain(expected.stdout, site_packages))
    assert plain(ran.stderr, app) == plain(expected.stderr, site_packages)


def test_library_runs_no_lines(python, build_app):
    app = build_app(None, FILES, entry_point="main:main", python=python)
    ran = run(python, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import seen; print(seen.ALL)", app)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_added_paths_stand_before_those_of_the_environment(python, build_app, tmp_path):
    app = build_app(None, FILES, entry_point="main:main", python=python, inherit_path="fallback", name="fallback.pyz")
    program = "import sys; print([sys.path.index(path) for path in sys.argv[1:]] == sorted(sys.path.index(path) for path in sys.argv[1:]))"
    ran = run(python, app, "-c", program, app / "extra", tmp_path, env={"BUNDLER_INTERPRETER": "1", "PYTHONPATH": str(tmp_path)})
    assert ran.stdout == "True\n"


def test_app_without_lines_does_not_load_what_runs_them(python, build_app):
    app = build_app({"main.py": "import sys\ndef main(): print([name for name in sys.modules if 'startup' in name])\n"}, python=python, entry_point="main:main")
    assert run(python, app).stdout == "[]\n"
