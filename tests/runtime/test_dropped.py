"""Code that empties ``sys.modules``, as tests do, does not take the runtime away."""

from __future__ import annotations

import pytest
from running import run

FILES = {
    "main.py": """if 1:
        import importlib.resources, os, sys
        import box
        def read():
            with open(os.path.join(os.path.dirname(box.__file__), "data.txt")) as file:
                return file.read()
        def main():
            how = sys.argv[1]
            own = [name for name in sys.modules if name.startswith("_bundler_")]
            before, wrapped = {name: sys.modules[name] for name in own}, os.stat
            if how == "early":
                before = {}
            else:
                read()
            for name in own if how != "parts" else [name for name in own if "." in name]:
                del sys.modules[name]
            import later
            print(read(), later.VALUE, importlib.resources.files(box).joinpath("data.txt").read_text(), os.stat is wrapped)
            print([name for name, module in before.items() if name in sys.modules and sys.modules[name] is not module])
            from importlib.metadata import distributions
            print([each.metadata["Name"] for each in distributions()])
    """,
    "later.py": "import os\nVALUE = os.path.exists(__file__)\n",
    "box/__init__.py": "import os\nHERE = os.path.dirname(__file__)\n",
    "box/data.txt": "data",
}


@pytest.mark.parametrize("how", ["early", "late", "parts"])
def test_runtime_that_was_dropped_from_sys_modules_is_the_same_again(python, build_app, how):
    ran = run(python, build_app(FILES, entry_point="main:main", python=python), how)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "data True data True\n[]\n[]\n"
