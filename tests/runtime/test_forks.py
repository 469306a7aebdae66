"""Forks at any moment, daemons, and starts with next to no descriptors."""

from __future__ import annotations

import os
import random
import select
from pathlib import Path

import pytest
from interpreters import version
from running import evaluate, run

ROOT = Path(__file__).parents[2]
COUNT = 24
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
if not statuses:
    # never: but the build sees what a start imports, and that is decompressed ahead
    import %s
""" % (COUNT, COUNT, ", ".join(f"many.m{number}" for number in range(COUNT)))

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

PLAIN = "import os, sys, many.m1, many.m23\nprint(many.m23.NUMBER, sys.argv[1:], sys.stdin and sys.stdin.fileno())\n"


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


READING_AHEAD = """
import os, signal, sys, threading
from runtime_stub.startup.ahead import ReadAhead
from runtime_stub.codec import _loading

FRAMES = [(number, 0, 1 << 20, 0, 0, None) for number in range(6)]
forking = threading.Event()

def decode(frame):
    # while the application forks
    forking.wait(20)
    for _ in range(200):
        os.sched_yield()
    return b"%d" % frame[0]

def load():
    with _loading:
        loading.set()
        for _ in range(20):
            decode(FRAMES[0])

if sys.argv[1] == "another import":
    # hooks run in reverse: this one right before the fork
    os.register_at_fork(before=lambda: ahead.take(FRAMES[3]))
ahead = ReadAhead(FRAMES, decode)
os.register_at_fork(before=forking.set)
ahead.take(FRAMES[0])
loading = threading.Event()
thread = threading.Thread(target=load)
thread.start()
loading.wait()
pid = os.fork()
if not pid:
    # a child that waits for what only its parent has is killed
    signal.alarm(5)
    with _loading:
        os._exit([ahead.take(frame) for frame in FRAMES[1:3]] != [b"1", b"2"] or ahead.take(FRAMES[4]) not in (None, b"4"))
print(os.waitpid(pid, 0)[1])
thread.join()
"""


@pytest.mark.parametrize("before", ["nothing", "another import"])
def test_child_never_waits_for_a_thread_of_its_parent(python, before):
    assert evaluate(python, READING_AHEAD, before, flags=("-W", "ignore"), env={"PYTHONPATH": str(ROOT)}) == 0


@pytest.mark.parametrize("codec", ["zlib", "zstd"])
def test_application_forks_while_other_threads_import(python, build, codec):
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
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", f"23 ['one'] {stdin}\n")
