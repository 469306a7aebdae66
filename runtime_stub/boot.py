"""Start an application: mount its file, keep the environment out, run its entry point."""

import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER

from . import codec, collection
from .container import Container
from .finder import Finder, mount_at
from .hermetic import isolate
from .layout import RUNTIME_DIRECTORY
from .mounts import by_root
from .source import LocalFile
from .tools import change_printers
from .variables import enabled, tell


def mount(archive, descriptor=None, tail=None, launching=False):
    """Mount the app file ``archive`` and return the Mount; the one there is, if it is mounted.

    ``descriptor`` and ``tail`` are what the launcher has read of it,
    ``launching`` says that :func:`launch` comes next. Raises ContainerError if
    it is damaged or holds nothing for this Python.
    """
    root = os.path.abspath(archive)
    known = by_root.get(root)
    if known is not None:
        return known
    source = LocalFile(root, descriptor, tail)
    store = Container(source, source.footer, MAGIC_NUMBER)
    if "decoder" in store.manifest:
        codec.carried.append(store)
    mounted = mount_at(root, store, _files(store) != "never")
    # each bundle carries what it needs of the runtime, and this may be another than the runtime came from
    parts, own = sys.modules[__package__].__path__, mounted.path_of(RUNTIME_DIRECTORY)
    if own not in parts:
        parts.append(own)
    if not launching:
        _serve(mounted, "always")
    return mounted


def _files(store):
    """Return how the app was built for code that opens files: ``start``, ``always``, ``never``, or "" for when such code is met."""
    return store.manifest.get("files", (("",),))[0][0]


def _serve(mounted, *when, **options):
    """Put on disk what is to be there, and answer for files if the build says that this is ``when``."""
    manifest = mounted.store.manifest
    if "disk" in manifest and mounted.disk is None:
        from .disk import place_files

        place_files(mounted, manifest["disk"][0])
    how = _files(mounted.store)
    if how in when:
        reason = "a module that a start imports may open files next to itself" if how == "start" else "the build was told `--files overlay`"
        mounted.serve_files(reason, **options)


def prepare(namespace, archive, descriptor, tail):
    """Make the app file importable and return the function that runs its entry point.

    ``namespace`` is the launcher's globals. Called as ``__main__`` by the
    interpreter, or as ``__mp_main__`` in a child that multiprocessing started,
    this also makes the process that of the application: see :func:`launch`.
    In a host that called ``runpy.run_path`` the entry point runs and its
    exceptions are the host's; all that stays changed is the path hook.
    """
    name = namespace["__name__"]
    launched = name == "__mp_main__" or name == "__main__" and not _hosted()
    mounted = mount(archive, descriptor, tail, launched)
    if launched:
        launch(mounted)
    function, *arguments = _entry(namespace, mounted, name, launched)

    def run():
        with _own_frames_hidden():
            function(*arguments)

    return run if launched else lambda: function(*arguments)


def _hosted():
    """Return whether ``runpy.run_path`` runs the launcher, and not the interpreter."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "run_path" and frame.f_globals.get("__name__") == "runpy":
            return True
        frame = frame.f_back
    return False


def _entry(namespace, mounted, name, launched):
    """Return the function that runs what the app file is to run as ``name``, and its arguments."""
    if launched and name == "__main__" and os.environ.pop("BUNDLER_INTERPRETER", "") not in ("", "0"):
        return _run_interpreter, namespace, mounted.root
    if launched:
        # multiprocessing's children find their way back by ``__file__``, if there is no ``__spec__``
        namespace["__file__"] = mounted.root
        namespace["__spec__"] = namespace["__package__"] = None
    kind, *words = mounted.store.manifest["entry"][0]
    if kind == "callable":
        return _run_callable, name, *words
    if kind in ("module", "script"):
        # a script's name may have spaces
        return _run_module, mounted, namespace, launched, kind, " ".join(words)
    return sys.exit, "error: `%s` is a library: it has no entry point to run" % mounted.root


def launch(mounted, ahead=True):
    """Make the interpreter that of the application at ``mounted``: see docs/DESIGN.md for what that changes.

    ``ahead`` says whether a thread may read frames ahead of need.
    """
    store = mounted.store
    mounted.launched = True
    sys.bundler_file = mounted.root
    tell(
        "%s: target %s, %s, entry %s",
        mounted.root,
        store.target[0],
        "bytecode used" if store.bytecode else "sources are compiled",
        " ".join(store.manifest["entry"][0]),
    )
    behind = isolate(mounted, store.manifest.get("inherit", (("no",),))[0][0])
    change_printers()
    if enabled("collection"):
        collection.allow()
    if ahead and enabled("ahead"):
        store.read_ahead()
        if "native" in store.manifest:
            from .native.ahead import begin_start

            begin_start(mounted)
    # before modules of the application can take functions to themselves that are not wrapped yet
    _serve(mounted, "start", "always", first=True)
    if store.bytecode and "patterns" in store.manifest and enabled("patterns"):
        from .startup import patterns

        patterns.install(store)
    if "pth" in store.manifest:
        from .startup import pth

        pth.run(mounted, store.manifest["pth"], behind)
    if "lazy" in store.manifest and hasattr(sys, "set_lazy_imports") and enabled("lazy"):
        from .startup import lazy

        lazy.install(store.manifest["lazy"][0])


def _run_interpreter(namespace, root):
    from .process import interpreter

    interpreter.run(namespace, root)


def _run_callable(name, module, path):
    """Run a console script's callable: exit with what it returns, as an installed script does."""
    if name != "__main__":
        return
    __import__(module)
    function = sys.modules[module]
    for attribute in path.split("."):
        function = getattr(function, attribute)
    sys.exit(function())


_LAUNCHER = ("sys", "RUNTIME", "runtime", "load", "run", "descriptor", "tail")  # its globals


def _run_module(mounted, namespace, launched, kind, name):
    """Run a module or a script as ``__main__``, in the launcher's own globals.

    A host that called ``runpy.run_path`` may have put globals there; it is told the spec.
    """
    if kind == "script":
        directory, _, stem = name.rpartition("/")
        spec = Finder(mounted, directory).find_spec(stem)
        package = ""
    else:
        parents = name.split(".")
        spec = Finder(mounted, "/".join(parents[:-1])).find_spec(name)
        package = name.rpartition(".")[0]
        if spec is not None and spec.submodule_search_locations is not None:
            spec = Finder(mounted, name.replace(".", "/")).find_spec(name + ".__main__")
            package = name
    if package:
        __import__(package)
    code = spec.loader.get_code(spec.name)
    if "anchor" in mounted.store.manifest:
        from .resources.anchor import serve_main_module

        serve_main_module()
    if mounted.disk is not None:
        mounted.disk.lead_back(spec.origin)
    for key in list(namespace) if launched else _LAUNCHER:
        if key not in ("__name__", "__builtins__"):
            namespace.pop(key, None)
    namespace.update(__file__=spec.origin, __loader__=spec.loader, __package__=package, __doc__=None)
    namespace["__spec__"] = None if launched else spec
    if "__cached__" in namespace:  # until 3.14
        namespace["__cached__"] = spec.cached
    exec(code, namespace)


class _own_frames_hidden:
    """Show an uncaught exception as an installed script would: without the launcher's frames.

    The interpreter calls ``sys.excepthook`` once the last frame is left: then
    they can all be taken away, before the hook that was there sees it.
    """

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if error is not None and not isinstance(error, SystemExit):
            try:
                from .process import uncaught
            except ImportError:  # the file is damaged, or gone
                return False
            uncaught.show_when_left(error, traceback)
        return False
