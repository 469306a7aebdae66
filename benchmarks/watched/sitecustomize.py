"""Count what a start spends on code objects; put on PYTHONPATH by floor.py, and imported by ``site`` as this process starts.

CPU time of the thread that imports, in milliseconds, to the file that the
environment names: in ``marshal.loads``, whoever calls it, and in the ``get_code`` of
the loader of source files: its search for the bytecode file, reading, checks and
``marshal.loads``. What looking at the clock takes is told apart.
"""

import atexit
import marshal
import os
import time

# not importlib.machinery, which is itself loaded from a file on some Pythons
from _frozen_importlib_external import SourceFileLoader

clock = time.thread_time_ns
spent = {"loads": 0, "get_code": 0}
calls = {"loads": 0, "get_code": 0}


def timed(name, function):
    """Return ``function``, adding what it takes to ``spent[name]``."""

    def call(*arguments, **keywords):
        before = clock()
        try:
            return function(*arguments, **keywords)
        finally:
            spent[name] += clock() - before
            calls[name] += 1

    return call


def tell(file):
    """Write what was counted; of a child that has the same environment, nothing."""
    counted = {"spent": dict(spent), "calls": dict(calls)}
    nothing = timed("clock", lambda: None)
    spent["clock"] = calls["clock"] = 0
    for _ in range(1000):
        nothing()
    counted["clock"] = spent["clock"] / 1000
    import json

    with open(file, "w", encoding="utf-8") as opened:
        json.dump(counted, opened)


marshal.loads = timed("loads", marshal.loads)
SourceFileLoader.get_code = timed("get_code", SourceFileLoader.get_code)
atexit.register(tell, os.environ.pop("BENCH_SPENT"))
os.environ.pop("PYTHONPATH")
