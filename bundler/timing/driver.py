"""Run an app file as its interpreter would, and note what it does when.

This file is for the Python that the app file runs on (3.9 and later, nothing but
the standard library): its text is executed by ``python -c``, in a namespace of
its own, with RECORD APP [ARGS] as arguments. What it notes are spans: kind, name, begin and end in nanoseconds of the clock that all
processes share, the thread's number, and where a module came from. They are
written to the file RECORD, as JSON, when the interpreter exits.

The import system has no place to listen at, so functions of
``importlib._bootstrap`` are called by way of others that look at the clock; each
costs under a microsecond.
"""

import atexit
import gc
import marshal
import os
import sys
import zlib
from _thread import get_ident
from time import perf_counter_ns as now

import _frozen_importlib as bootstrap
import _frozen_importlib_external as external

began = now()
spans = []
patterns = []  # regular expressions that were compiled: pattern and flags, each in the order of their first use


def timed(kind, function, name_of=lambda arguments: "", origin_of=lambda arguments: None):
    """Return a function that calls ``function`` and notes a span."""

    def call(*arguments, **options):
        begin = now()
        try:
            return function(*arguments, **options)
        finally:
            spans.append((kind, name_of(arguments), begin, now(), get_ident(), origin_of(arguments)))

    return call


def listen():
    """Have the import system, and what it reads by, tell when they are called."""
    bootstrap._find_spec = timed("find", bootstrap._find_spec, lambda arguments: arguments[0])
    load = timed(
        "load", bootstrap._load_unlocked, lambda arguments: arguments[0].name, lambda arguments: str(arguments[0].origin)
    )

    def load_and_listen(spec):
        module = load(spec)
        if spec.name in ("re._compiler", "sre_compile"):
            listen_to_patterns(module)
        return module

    bootstrap._load_unlocked = load_and_listen
    for name in {"re._compiler", "sre_compile"} & set(sys.modules):
        listen_to_patterns(sys.modules[name])
    call = bootstrap._call_with_frames_removed
    run = timed("run", call, lambda arguments: arguments[2].get("__name__", ""))
    bootstrap._call_with_frames_removed = lambda function, *arguments, **options: (run if function is exec else call)(
        function, *arguments, **options
    )
    external.FileLoader.get_data = timed("read", external.FileLoader.get_data)
    if hasattr(os, "pread"):
        os.pread = timed("read", os.pread)
    zlib.decompress = timed("decode", zlib.decompress)
    unmarshal = timed("unmarshal", marshal.loads)

    def loads(data):
        listen_to_decoders()
        return unmarshal(data)

    marshal.loads = loads
    collecting = []

    def collect(phase, details):
        if phase == "start":
            collecting.append(now())
        elif collecting:
            spans.append(("collect", "", collecting.pop(), now(), get_ident(), None))

    gc.callbacks.append(collect)


def listen_to_patterns(module):
    """Have the compiler of regular expressions tell what it is asked for. What the file carries compiled, it is asked for, too."""
    original = module.compile

    def compile(pattern, flags=0):
        if type(pattern) in (str, bytes):
            patterns.append((repr(pattern), int(flags)))
        return original(pattern, flags)

    module.compile = compile


heard = set()


def listen_to_decoders():
    """Have the containers of runtimes that are there by now tell when they decode a frame, whatever the codec."""
    for name, module in list(sys.modules.items()):
        if name.startswith("_bundler_") and name.endswith(".container") and name not in heard and hasattr(module, "decompress"):
            heard.add(name)
            module.decompress = timed("decode", module.decompress)


def write(record, process, main_thread):
    """Write what was noted to the file ``record``, unless this is a forked child."""
    if os.getpid() != process:
        return
    ended = now()
    import json

    version = "%d.%d.%d" % sys.version_info[:3]
    with open(record, "w", encoding="utf-8") as file:
        noted = {
            "python": version, "library": os.path.dirname(os.__file__), "began": began, "ended": ended, "main": main_thread, "spans": spans,
            "patterns": patterns,
        }  # fmt: skip
        json.dump(noted, file)


def main():
    """Become the app file: what ``python APP ARGS`` does."""
    record, app = sys.argv[1:3]
    atexit.register(write, record, os.getpid(), get_ident())
    sys.argv[:] = sys.argv[2:]
    # as the interpreter has it for a zip file: the file itself, and not "" as for ``-c``
    sys.path[:] = [app, *(entry for entry in sys.path if entry)]
    listen()
    begin = now()
    import runpy

    spans.append(("runpy", "", begin, now(), get_ident(), None))
    runpy._run_module_as_main("__main__", False)


main()
