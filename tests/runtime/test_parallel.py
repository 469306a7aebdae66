"""What multiprocessing and concurrent.futures offer beyond a pool works in an app file as in an installed application."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from running import run

APPLICATION = dedent("""
    import enum, multiprocessing, os, sys, threading
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import shared_memory
    from multiprocessing.managers import BaseManager
    from helping.words import shout

    class Color(enum.Enum):
        RED = 1

    class Failure(Exception):
        pass

    class Counter:
        def __init__(self):
            self.total = 0
        def add(self, number):
            self.total += number
            return self.total

    class Counters(BaseManager):
        pass

    Counters.register("Counter", Counter)

    class Worker(multiprocessing.get_context(sys.argv[1]).Process):
        def __init__(self, queue, name):
            super().__init__()
            self.queue, self.memory = queue, name
        def run(self):
            memory = shared_memory.SharedMemory(name=self.memory)
            memory.buf[0] += 1
            self.queue.put((shout("worker"), Color.RED, "app.pyz" in __file__))
            memory.close()

    def fail(word):
        raise Failure(word)

    def begun(word):
        global started
        started = word

    def answer(number):
        return started, number

    def nested(method):
        with multiprocessing.get_context(method).Pool(1) as pool:
            return pool.map(shout, ["deep"])

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        os.chdir("/")
        results = []
        queue = context.SimpleQueue()
        memory = shared_memory.SharedMemory(create=True, size=8)
        worker = Worker(queue, memory.name)
        worker.start()
        word, color, fine = queue.get()
        worker.join()
        results += [word, color is Color.RED, fine, memory.buf[0], worker.exitcode]
        memory.close()
        memory.unlink()
        with Counters(ctx=context) as manager:
            counter = manager.Counter()
            counter.add(2)
            results.append(counter.add(3))
        with ProcessPoolExecutor(1, context, initializer=begun, initargs=("begun",)) as executor:
            results.append(executor.submit(answer, 4).result())
            try:
                executor.submit(fail, "on purpose").result()
            except Failure as error:
                results.append(str(error))
            # a worker of an executor may have children, one of a pool may not
            results.append(executor.submit(nested, sys.argv[1]).result())
        print(results)

    if __name__ == "__main__":
        main()
""")
FILES = {
    "alone.py": APPLICATION,
    "tool/__init__.py": "",
    "tool/__main__.py": APPLICATION,
    "helping/__init__.py": "",
    "helping/words.py": "def shout(word):\n    return word.upper()\n",
}
CASES = [("fork", "alone:main"), ("forkserver", "alone:main"), ("spawn", "alone:main"), ("spawn", "tool"), ("forkserver", "alone")]


@pytest.mark.costly
@pytest.mark.parametrize(("method", "entry"), CASES)
def test_children_share_and_nest(python, build_app, method, entry):
    app = build_app(FILES, entry_point=entry, directory="two words é", python=python)
    # 3.12 and later warn of a fork while threads run
    ran = run(python, "-W", "ignore::DeprecationWarning", app.name, method, cwd=app.parent, timeout=30)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == ["WORKER", True, True, 1, 0, 5, ("begun", 4), "on purpose", ["DEEP"]]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_children_of_the_default_kind_see_the_arguments_and_options(python, build_app, method):
    source = dedent("""
        import multiprocessing, sys
        def tell(queue):
            queue.put((sys.argv, sys.flags.optimize, sys.flags.dev_mode, sys.bundler_file, __debug__, sys.path[0]))
        def main():
            context = multiprocessing.get_context(sys.argv[1])
            queue = context.SimpleQueue()
            child = context.Process(target=tell, args=(queue,))
            child.start()
            told = queue.get()
            child.join()
            print(told[:3] == (sys.argv, sys.flags.optimize, sys.flags.dev_mode), told[3:], child.exitcode)
    """)
    app = build_app({"alone.py": source}, entry_point="alone:main", python=python)
    ran = run(python, "-O", "-X", "dev", "-W", "ignore", app, method, "one two")
    assert (ran.stderr, ran.stdout) == ("", f"True {(str(app), False, str(app))} 0\n")


def test_main_module_of_the_interpreter_within_has_children(python, build_app):
    app = build_app(FILES, library=True, python=python)
    environment = {"BUNDLER_INTERPRETER": "1"}
    ran = run(python, "-W", "ignore", app, "-m", "alone", "spawn", env=environment, timeout=30)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout)[-1] == ["DEEP"]
