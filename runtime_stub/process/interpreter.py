"""Be a Python with the bundle importable: ``BUNDLER_INTERPRETER=1 ./app.pyz -m module``.

What follows the app file is what follows ``python``: ``-c``, ``-m``, ``-``, a
script, or nothing for a session. Options of the interpreter itself stand before
the app file: ``BUNDLER_INTERPRETER=1 python -u app.pyz -c ...``.
"""

import os
import sys

from ..finder import locate

USAGE = "usage: BUNDLER_INTERPRETER=1 %s [-c COMMAND | -m MODULE | SCRIPT | -] [ARGUMENTS]"


def run(namespace, program):
    """Do what the arguments of the process say, in ``namespace``, the globals of ``__main__``.

    ``program`` is the name of the app file, for messages. Exits with 2 if the
    arguments are wrong.
    """
    arguments = sys.argv[1:]
    first = arguments[0] if arguments else ""
    if first[:2] == "-c":
        command = first[2:] or _argument(arguments, program)
        _begin(namespace, "-c", arguments[2 - bool(first[2:]) :])
        exec(compile(command, "<string>", "exec", dont_inherit=True), namespace)
    elif first[:2] == "-m":
        import runpy

        module = first[2:] or _argument(arguments, program)
        _begin(namespace, "-m", arguments[2 - bool(first[2:]) :])
        runpy._run_module_as_main(module)
    elif first in ("-V", "--version"):
        print("Python %s" % sys.version.split()[0])
    elif first == "-" or (not arguments and not _is_terminal()):
        _begin(namespace, first, arguments[1:])
        exec(compile(sys.stdin.read(), "<stdin>", "exec", dont_inherit=True), namespace)
    elif not arguments:
        _session(namespace)
    elif first.startswith("-"):
        sys.stderr.write("unknown option %s\n%s\n" % (first, USAGE % program))
        sys.exit(2)
    else:
        _script(namespace, first, arguments)


def _argument(arguments, program):
    if len(arguments) < 2:
        sys.stderr.write("Argument expected for the %s option\n%s\n" % (arguments[0], USAGE % program))
        sys.exit(2)
    return arguments[1]


def _begin(namespace, program, arguments, directory=""):
    """Make ``namespace`` that of a fresh ``__main__``, and set ``sys.argv`` and the first entry of ``sys.path``."""
    builtins = namespace["__builtins__"]
    namespace.clear()
    namespace.update(__name__="__main__", __builtins__=builtins, __doc__=None, __spec__=None, __package__=None)
    sys.argv[:] = [program, *arguments]
    if not getattr(sys.flags, "safe_path", False) and not sys.flags.isolated:
        sys.path.insert(0, directory)


def _script(namespace, path, arguments):
    found = locate(path)
    if found and found[1]:
        source = found[0].get_data(os.path.abspath(path))
    elif os.path.isdir(path) or _is_zip(path):
        import runpy

        _begin(namespace, path, arguments[1:], path)
        del sys.path[0]  # run_path puts it there itself
        runpy.run_path(path, run_name="__main__")
        return
    else:
        try:
            with open(path, "rb") as file:
                source = file.read()
        except OSError as error:
            sys.stderr.write("can't open file %r: [Errno %d] %s\n" % (path, error.errno, error.strerror))
            sys.exit(2)
    _begin(namespace, path, arguments[1:], os.path.dirname(os.path.abspath(path)))
    namespace["__file__"] = path
    exec(compile(source, path, "exec", dont_inherit=True), namespace)


def _is_zip(path):
    try:
        with open(path, "rb") as file:
            file.seek(-22, 2)
            return b"PK\5\6" in file.read()
    except OSError:
        return False


def _is_terminal():
    return sys.stdin is None or sys.stdin.isatty()


def _session(namespace):
    import code

    try:
        import readline  # noqa: F401  (editing and history)
    except ImportError:
        pass
    _begin(namespace, "", ())
    code.interact(local=namespace, exitmsg="")
