"""Forks at any moment, daemons, and starts with next to no descriptors."""

from __future__ import annotations

import os
import random
import select

import pytest
from interpreters import version
from running import run

COUNT = 48
FORKING = """
import os, signal, sys, threading
import many.m0

def hurry():
    for number in range(1, %d, 2):
        __import__("many.m%%d" %% number)

threads = [threading.Thread(target=hurry) for _ in range(2)]
for thread in threads:
    thread.start()
statuses = []
for number in range(2, %d, 2):
    pid = os.fork()
    if not pid:
        # a child that waits for a lock which nobody has is killed
        signal.alarm(20)
        code = __import__("many.m%%d" %% number, fromlist=["NUMBER"]).NUMBER != number
        os._exit(code)
    statuses.append(os.waitpid(pid, 0)[1])
for thread in threads:
    thread.join()
print(set(statuses))
""" % (COUNT, COUNT)

DAEMON = """
import os, sys, traceback
from many import m0
report = os.path.abspath(sys.argv[1])
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
os.chdir("/")
os.umask(0)
os.closerange(0, 1024)
for number in range(3):
    os.open("/dev/null", os.O_RDWR)
taken = [os.open("/dev/zero", os.O_RDONLY) for _ in range(300)]
try:
    numbers = [__import__("many.m%%d" %% number, fromlist=["NUMBER"]).NUMBER for number in range(1, %d)]
    text = "all" if numbers == list(range(1, %d)) else repr(numbers)
    import json.tool, inspect, multiprocessing.pool
    text += inspect.getsource(m0)[:10] + str({len(os.read(number, 1)) for number in taken})
except BaseException:
    text = traceback.format_exc()
with open(report, "w") as file:
    file.write(text)
""" % (COUNT, COUNT)

PLAIN = "import os, sys, many.m1, many.m47\nprint(many.m47.NUMBER, sys.argv[1:], sys.stdin and sys.stdin.fileno())\n"


def tree() -> dict[str, str]:
    """Applications, and modules too large and too random to be read together at the start."""
    numbers = random.Random(7)
    many = {f"many/m{n}.py": f"NUMBER = {n}\nNOISE = '{numbers.randbytes(40_000).hex()}'\n" for n in range(COUNT)}
    return {"forking.py": FORKING, "daemon.py": DAEMON, "plain.py": PLAIN, "many/__init__.py": "", **many}


@pytest.fixture(scope="module")
def build(build_app, python):
    def build(entry, codec="auto"):
        if codec == "zstd" and version(python) < (3, 14):
            pytest.skip("a decoder would have to be fetched")
        return build_app(tree(), entry_point=entry, codec=codec, level=1, python=python)

    return build


@pytest.mark.parametrize("codec", ["zlib", "zstd"])
def test_forks_while_other_threads_import(python, build, codec):
    app = build("forking", codec)
    # 3.12 and later warn of a fork while threads run
    ran = run(python, "-W", "ignore", app, timeout=60)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "{0}\n")


def test_daemon_imports_what_it_needs(python, build, tmp_path):
    app = build("daemon", "zlib")
    report = tmp_path / "report"
    os.mkfifo(report)
    reading = os.open(report, os.O_RDONLY | os.O_NONBLOCK)
    ran = run(python, "-W", "ignore", app.name, report, cwd=app.parent)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert select.select([reading], [], [], 30)[0]
    with open(reading) as told:
        assert told.read() == "allNUMBER = 0{1}"


@pytest.mark.parametrize(
    ("before", "stdin"),
    [
        ("ulimit -n 16", 0),
        ("ulimit -n 8", 0),
        ("exec 3>&- 4>&- 5>&-", 0),
        ("exec <&-", None),
        ("ulimit -n 16; exec <&-", None),
    ],
)
def test_starts_with_few_descriptors(python, build, before, stdin):
    app = build("plain", "zlib")
    ran = run("/bin/sh", "-c", f'{before}; exec "$0" "$@"', python, app, "one")
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", f"47 ['one'] {stdin}\n")
