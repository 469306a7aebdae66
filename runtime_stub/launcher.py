# The launcher: what `python app.pyz` runs, and what every doorway runs to reach the runtime.
# Kept small: it is compiled at each start by the Pythons that the file has no bytecode for. Kept within
# the syntax of Python 2.7: it must be able to say that a Python is too old.
import sys

RUNTIME = "_bundler_@DIGEST@"


def runtime(archive):
    """Return the runtime, loaded from the app file `archive` (docs/FORMAT.md, section 3), and what was read on the way."""
    import _imp

    _imp.acquire_lock()  # two doorways may be entered at once
    try:
        package = sys.modules.get(RUNTIME)
        if hasattr(package, "complete"):
            return package, None, None
        return load(archive)
    except (OSError, OverflowError):
        raise ImportError("`%s` is truncated or damaged" % archive, path=archive)
    finally:
        _imp.release_lock()


def load(archive):
    import os
    from _frozen_importlib import ModuleSpec, module_from_spec
    from _frozen_importlib_external import MAGIC_NUMBER
    from marshal import loads
    from zlib import crc32, decompress

    def number(record, start, size):
        return int.from_bytes(record[start:start + size], "little")

    def read_at(offset, length):
        within = offset - size + len(tail)
        if within >= 0:
            return tail[within:within + length]
        os.lseek(descriptor, offset, 0)
        return os.read(descriptor, length)

    descriptor = os.open(archive, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    size = os.lseek(descriptor, 0, 2)
    os.lseek(descriptor, max(size - 65536, 0), 0)
    tail = os.read(descriptor, 65536)
    end = tail.rfind(b"PK\5\6")
    end_of_container = size - len(tail) + end - number(tail, end + 12, 4)
    footer = read_at(end_of_container - 80, 80)
    if end < 0 or footer[72:] != b"\x93bundler":
        raise ImportError("`%s` is truncated or damaged" % archive, path=archive)
    start = end_of_container - number(footer, 0, 8)
    tables = read_at(start + number(footer, 24, 8), number(footer, 32, 4) * 24)
    for at in range(0, len(tables), 24):
        table = tables[at:at + 24]
        if table[:4] in (MAGIC_NUMBER, b"\0\0\0\0"):
            break
    if not tables or crc32(tables) != number(footer, 36, 4):
        raise ImportError("`%s` is damaged: its runtime cannot be read" % archive, path=archive)
    data = read_at(start + number(table, 4, 8), number(table, 12, 4))
    if crc32(data) != number(table, 20, 4):
        raise ImportError("`%s` is damaged: its runtime cannot be read" % archive, path=archive)

    package = module_from_spec(ModuleSpec(RUNTIME, None, is_package=True))
    package.__path__ = [os.path.join(os.path.abspath(archive), ".runtime")]
    sys.modules[RUNTIME] = package
    for name, code in loads(decompress(data, -15)):
        path = name.rstrip(".")  # a sub-package ends in one
        if table[:4] == MAGIC_NUMBER:
            code = loads(code)
        else:
            code = compile(code, "<bundler>/" + name + ".py", "exec", dont_inherit=True)
        module = module_from_spec(ModuleSpec(RUNTIME + "." + path, None, is_package=path != name))
        if path != name:
            module.__path__ = [os.path.join(package.__path__[0], path)]
        parent, _, last = module.__name__.rpartition(".")
        sys.modules[module.__name__] = module
        setattr(sys.modules[parent], last, module)
        exec(code, module.__dict__)
    package.complete = True
    return package, descriptor, tail


if sys.version_info < (3, 9):
    sys.exit("error: %s needs Python 3.9 or newer, this is Python %d.%d" % ((sys.argv[0],) + sys.version_info[:2]))
if __name__ != RUNTIME + ".launcher":
    if not hasattr(__loader__, "archive"):
        sys.exit("error: `%s` is an app file that was unpacked: run the file itself" % sys.argv[0])
    try:
        run, descriptor, tail = runtime(__loader__.archive)
        run = run.boot.prepare(globals(), __loader__.archive, descriptor, tail)
    except ImportError as error:
        if error.path is None:
            raise
        sys.exit("error: %s" % error)
    run()
