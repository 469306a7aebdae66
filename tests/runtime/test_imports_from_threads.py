"""Many threads import the modules of a bundle at once, in random order: each runs once, and is whole for all of them."""

from __future__ import annotations

import random

import pytest
from interpreters import version
from running import run

MODULES, THREADS, ROUNDS = 500, 32, 200

MAIN = f"""
import importlib, random, sys, threading
from names import NAMES

def main(rounds={ROUNDS}, threads={THREADS}):
    if len(sys.argv) > 1:
        rounds = int(sys.argv[1])
    sys.setswitchinterval(1e-5)
    for turn in range(rounds):
        for name in [name for name in sys.modules if name.partition(".")[0] == "many"]:
            del sys.modules[name]
        sys.ran = []
        failed = []
        barrier = threading.Barrier(threads)
        started = [threading.Thread(target=work, args=(turn * threads + number, barrier, failed)) for number in range(threads)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
        assert not failed, failed[:5]
        repeated = sys.version_info >= (3, 15)  # a module whose import was refused half-way runs again
        assert sorted(set(sys.ran) if repeated else sys.ran) == NAMES, set(NAMES).symmetric_difference(sys.ran)
    print("done")

def missed(error):
    # The import system itself looked for a package at the moment at which it had taken it out of `sys.modules` to put it last:
    # `importlib._bootstrap._load_unlocked` does so, up to 3.14, and who imports a module of that package does not wait for its lock.
    # With plain directories it happens, too. Nothing has run then, and the import works when it is asked for again.
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    inside = at is not None and at.tb_frame.f_code.co_filename == "<frozen importlib._bootstrap>"
    return inside and type(error) is KeyError and error.args[0] in NAMES and sys.version_info < (3, 15)

def work(seed, barrier, failed):
    names = random.Random(seed).sample(NAMES, len(NAMES))
    barrier.wait()
    while names:
        name = names[-1]
        try:
            assert importlib.import_module(name).WHOLE == name
        except BaseException as error:
            # 3.15 holds the locks of packages too, and refuses to wait where two threads would wait for each other
            if sys.version_info >= (3, 15) and type(error).__name__ == "_DeadlockError":
                continue
            if missed(error):
                continue
            failed.append("%s: %r" % (name, error))
        names.pop()
"""


def tree() -> dict[str, str]:
    """Return packages and modules that import each other, but in no circle."""
    generator = random.Random(0)
    files = {"many/__init__.py": "import sys\nsys.ran.append(__name__)\nWHOLE = __name__\n"}
    names = ["many"]
    for number in range(MODULES):
        # a name before it, so that none leads back
        package = number % 10 == 0
        parent = generator.choice([name for name in names if name == "many" or name.endswith("p") and name.count(".") < 3])
        name = f"{parent}.m{number:03}" + ("p" if package else "")
        imports = "".join(f"import {other}\n" for other in generator.sample(names, min(3, len(names))))
        path = name.replace(".", "/") + ("/__init__.py" if package else ".py")
        files[path] = f"{imports}import sys\nsys.ran.append(__name__)\nWHOLE = __name__\n"
        names.append(name)
    return {**files, "names.py": f"NAMES = sorted({names!r})\n", "starting.py": MAIN}


@pytest.fixture(scope="session")
def app(build_app, python):
    return build_app(tree(), entry_point="starting:main", python=python)


def check(python, app, rounds):
    ran = run(python, app, str(rounds), timeout=900)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "done\n", "")


def test_each_module_runs_once(python, app):
    check(python, app, 2)


@pytest.mark.conformance
def test_each_module_runs_once_in_every_round(python, app):
    # before 3.12 one takes six times as long, with plain directories too
    check(python, app, ROUNDS if version(python) >= (3, 12) else ROUNDS // 4)


def test_each_module_runs_once_where_the_first_doorway_was_passed(python, app):
    program = "import sys; sys.argv[1:] = ['1']; sys.path.insert(0, %r); from starting import main; main()" % str(app)
    ran = run(python, "-c", program, timeout=300)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "done\n", "")
