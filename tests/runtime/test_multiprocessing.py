"""Children of multiprocessing find their way back into the app file."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from running import run

APPLICATION = dedent("""
    import multiprocessing, os, sys
    from concurrent.futures import ProcessPoolExecutor

    class Value:
        def __init__(self, number):
            self.number = number

    def square(value):
        return Value(value.number ** 2)

    def main():
        results = []
        for method in sys.argv[1:]:
            context = multiprocessing.get_context(method)
            os.chdir("/")
            with context.Pool(2) as pool:
                results += [value.number for value in pool.map(square, map(Value, range(4)))]
                pool.close()
                pool.join()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(sys.argv[-1])) as executor:
            results.append(executor.submit(square, Value(9)).result().number)
        print(results)

    if __name__ == "__main__":
        main()
""")
FILES = {"alone.py": APPLICATION, "tool/__init__.py": "", "tool/__main__.py": APPLICATION, "tool/named.py": APPLICATION}


@pytest.mark.costly
@pytest.mark.parametrize("entry", ["alone", "alone:main", "tool", "tool.named", "tool.named:main"])
def test_children_run_functions_of_the_application(python, target, build_app, entry):
    app = build_app(FILES, entry_point=entry, directory="two words é", python=target)
    methods = ["fork", "forkserver", "spawn"]
    ran = run(python, "-W", "ignore", app.name, *methods, cwd=app.parent, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == [0, 1, 4, 9] * 3 + [81]


def test_children_of_another_main_module_on_the_path_run_the_app(python, build_app, tmp_path):
    (tmp_path / "__main__.py").write_text("raise SystemExit('the wrong program')\n")
    app = build_app(FILES, entry_point="tool", python=python)
    ran = run(python, "-W", "ignore", app, "spawn", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, timeout=60)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "[0, 1, 4, 9, 81]\n")


@pytest.mark.costly
def test_application_forks_right_after_its_start(python, target, build_app):
    # a fork while another thread runs may hang, and warns since 3.12
    source = "import json, os, sys\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint(json.dumps([pid > 0]))\n"
    many = {f"many/m{number}.py": f"TEXT = {list(range(number, number + 4000))}\n" for number in range(40)}
    imports = "import many, " + ", ".join(f"many.m{number}" for number in range(20)) + "\n"
    app = build_app({"alone.py": imports + source, "many/__init__.py": "", **many}, entry_point="alone", python=target)
    for _ in range(5):
        ran = run(python, "-W", "error", app, timeout=60)
        assert (ran.returncode, ran.stderr, sorted(ran.stdout.split())) == (0, "", ["[false]", "[true]"])
