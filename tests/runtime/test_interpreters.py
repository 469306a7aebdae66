"""Further interpreters of a process (PEP 734) are those of the application: they find what it does, and nothing else."""

from __future__ import annotations

import ast

import pytest
from interpreters import version
from running import run

TASKS = """
import importlib.util, os, sys
from importlib.resources import files

NAMED = os.path.join(os.path.dirname(__file__), "price.txt")

def buy(count):
    from shop import prices
    with open(NAMED) as file:
        named = int(file.read())
    return [count * prices.APPLE, named, int(files("shop").joinpath("price.txt").read_text()), __name__, __file__]

def outside(name):
    return importlib.util.find_spec(name) is not None
"""
ASK = """
import sys
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor
from shop.tasks import buy, outside

def main():
    interpreter = interpreters.create()
    found = [interpreter.call(buy, 2), interpreter.call(outside, "outside"), interpreters.create.__name__]
    interpreter.exec("import shop.prices; assert 'enter' not in globals(), globals()")
    with InterpreterPoolExecutor(2) as pool:
        found.append([each[0] for each in pool.map(buy, range(3))])
        found.append(pool.submit(mine).result())
    interpreter.close()
    print(ascii(found))

def mine():
    return [__name__.strip("<>"), __file__]

if __name__ == "__main__":
    main()
"""
FILES = {
    "shop/__init__.py": "",
    "shop/__main__.py": ASK,
    "shop/prices.py": "APPLE = 7\n",
    "shop/price.txt": "3",
    "shop/tasks.py": TASKS,
    "asking.py": ASK,
}


@pytest.mark.parametrize(
    "entry_point, name, path", [("asking:main", "asking", "asking.py"), ("shop", "fake __main__", "shop/__main__.py")]
)
def test_interpreters_are_of_the_application(python, build_app, tmp_path, entry_point, name, path):
    if version(python) < (3, 14):
        pytest.skip("`concurrent.interpreters` came with 3.14")
    app = build_app(FILES, entry_point=entry_point, python=python)
    (tmp_path / "outside.py").write_text("")
    ran = run(python, app, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    bought = [14, 3, 3, "shop.tasks", f"{app}/shop/tasks.py"]
    assert ast.literal_eval(ran.stdout) == [bought, False, "create", [0, 7, 14], [name, f"{app}/{path}"]]


def test_interpreters_of_a_host_stay_as_they_are(python, build_app, tmp_path):
    if version(python) < (3, 14):
        pytest.skip("`concurrent.interpreters` came with 3.14")
    app = build_app(FILES, library=True, python=python)
    (tmp_path / "outside.py").write_text("")
    program = """
import sys; sys.path.insert(0, sys.argv[1])
from concurrent import interpreters
from shop.tasks import buy, outside
interpreter = interpreters.create()
interpreter.exec("import sys; sys.path.insert(0, %r)" % sys.argv[1])
print(ascii([interpreter.call(buy, 2), interpreter.call(outside, 'outside'), interpreters.create.__module__]))
interpreter.close()
"""
    ran = run(python, "-c", program, app, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    bought = [14, 3, 3, "shop.tasks", f"{app}/shop/tasks.py"]
    assert ast.literal_eval(ran.stdout) == [bought, True, "concurrent.interpreters"]
