"""Be a Python with the bundle importable: ``BUNDLER_INTERPRETER=1 ./app.pyz -m module``.

What follows the app file is what follows ``python``: ``-c``, ``-m``, ``-``, a
script, a directory or a zip file, or nothing for a session. Each is run as
``python`` would run it: see "Command line and environment" of its documentation.
"""

import errno
import os
import sys
from _frozen_importlib import BuiltinImporter
from _frozen_importlib_external import SourceFileLoader, SourcelessFileLoader

from ..finder import Finder
from ..mounts import locate
from ..tools import TOOLS, serve_files
from ..variables import enabled
from .arguments import led_into


def run(namespace, root):
    """Do what the arguments of the process say, in ``namespace``, the globals of ``__main__``; ``root`` is the app file."""
    arguments = sys.argv[1:]
    first = arguments[0] if arguments else ""
    option, attached = first[:2], first[2:]
    if any(root in word for word in arguments) or option == "-m" and TOOLS.intersection(arguments[:2]):
        serve_files()  # to a tool that works on files of the bundle
    if option in ("-c", "-m") and (attached or arguments[1:]):
        value, *rest = arguments[not attached :]
        value = attached or value
        if option == "-c":
            _command(namespace, value, rest)
        else:
            _module(namespace, value, rest)
    elif first.startswith("-") and first != "-":
        _start_again(root, arguments)
    elif first and first != "-":
        _script(namespace, first, arguments)
    elif sys.stdin is None or sys.stdin.isatty():
        _session(namespace, arguments)
    else:
        _begin(namespace, arguments or [""])
        _name_file(namespace, "<stdin>", SourceFileLoader)
        _execute(namespace, sys.stdin.buffer.read(), "<stdin>")


def _start_again(root, arguments):
    """Let the interpreter see its own options, which must stand before the app file; wrong ones it will refuse."""
    from subprocess import _args_from_interpreter_flags as flags

    words = [sys.executable, *flags(), *arguments]
    if arguments[0] in ("-c", "-m"):  # and nothing after it
        os.execv(sys.executable, words)
    os.execve(sys.executable, *led_into(root, sys.executable, words, os.environ))


def _begin(namespace, arguments, directory=""):
    """Make ``namespace`` that of a fresh ``__main__``, and set ``sys.argv`` and the first entry of ``sys.path``.

    ``directory`` is that entry, which ``-P`` and ``-I`` leave out.
    """
    builtins = namespace["__builtins__"]
    namespace.clear()
    namespace.update(
        __name__="__main__", __doc__=None, __package__=None, __loader__=BuiltinImporter, __spec__=None, __builtins__=builtins
    )
    if sys.version_info < (3, 14):
        namespace["__annotations__"] = {}
    sys.argv[:] = arguments
    if not getattr(sys.flags, "safe_path", False) and not sys.flags.isolated:
        sys.path.insert(0, directory)


def _execute(namespace, source, name):
    """Run the source text ``source``; it finds files of the bundle if it names any, its children the bundle if it may start some."""
    text = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    if b"__file__" in text or b"__path__" in text:
        serve_files()
    if b"executable" in text:
        _lead_children()
    exec(compile(source, name, "exec", dont_inherit=True), namespace)


def _lead_children():
    if enabled("children"):
        from . import children

        children.install(sys.bundler_file)


def _command(namespace, command, arguments):
    if sys.version_info >= (3, 14):
        from textwrap import dedent

        command = dedent(command)
    if sys.version_info >= (3, 14):
        from linecache import _register_code

        # tracebacks show its lines, by the code
        _register_code(compile(command, "<string>", "exec", dont_inherit=True), command, "<string>")
    elif sys.version_info >= (3, 13):
        from linecache import cache

        # by the file name
        cache["<string>"] = len(command), None, [line + "\n" for line in command.splitlines()], "<string>"
    _begin(namespace, ["-c", *arguments])
    _execute(namespace, command, "<string>")


def _module(namespace, module, arguments):
    from runpy import _run_module_as_main

    _begin(namespace, ["-m", *arguments], os.getcwd())
    _run_module_as_main(module)


def _script(namespace, path, arguments):
    """Run a file, directory or zip file, in the bundle or outside. Exits with 2 if it cannot be read."""
    full = os.path.join(os.getcwd(), path)
    carried = source = None
    try:
        found = locate(full)
        if found is not None and found[1]:
            carried = found[0].file(found[1])
            if carried is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        elif not os.path.isdir(path) and not _is_zip(path):
            with open(path, "rb") as file:
                source = file.read()
    except OSError as error:
        sys.stderr.write("%s: can't open file %r: [Errno %d] %s\n" % (sys.executable, full, error.errno, error.strerror))
        sys.exit(2)
    if source is not None:
        return _plain_script(namespace, full, source, arguments)
    if carried is not None and carried[1] is not None:
        return _carried_script(namespace, *found, full, arguments)
    from runpy import _run_module_as_main

    _begin(namespace, arguments)
    sys.path[: sys.path[:1] == [""]] = [full]
    _run_module_as_main("__main__", False)


def _carried_script(namespace, mount, inside, path, arguments):
    """Run a script of the bundle."""
    directory, _, name = inside.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    spec = Finder(mount, directory).find_spec(stem) if suffix == "py" else None
    _begin(namespace, arguments, mount.path_of(directory))
    namespace["__file__"] = path
    if spec is None:
        _execute(namespace, mount.get_data(path), path)
    else:
        namespace["__loader__"] = spec.loader
        exec(spec.loader.get_code(stem), namespace)


def _plain_script(namespace, path, source, arguments):
    _begin(namespace, arguments, os.path.dirname(os.path.realpath(path)))
    if path.endswith(".pyc"):
        _name_file(namespace, path, SourcelessFileLoader)
        exec(namespace["__loader__"].get_code("__main__"), namespace)
    else:
        _name_file(namespace, path, SourceFileLoader)
        _execute(namespace, source, path)


def _name_file(namespace, path, kind):
    namespace.update(__file__=path, __loader__=kind("__main__", path))
    if sys.version_info < (3, 15):
        namespace["__cached__"] = None


def _is_zip(path):
    from zipimport import ZipImportError, zipimporter

    try:
        return bool(zipimporter(path))
    except ZipImportError:
        return False


def _session(namespace, arguments):
    """Read and answer lines, with the line editing that ``python`` would have."""
    from code import interact

    _lead_children()
    serve_files()
    getattr(sys, "__interactivehook__", bool)()
    _begin(namespace, arguments or [""])
    banner = 'Python %s on %s\nType "help", "copyright", "credits" or "license" for more information.'
    interact(banner % (sys.version, sys.platform), local=namespace, exitmsg="")
