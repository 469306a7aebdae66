"""The import protocol: modules executed once, again, half-way, in circles, lazily and by many threads."""

import builtins
import importlib
import importlib.util
import sys
import threading
import types
import warnings

from observing import ROOT, attempt


def observe_reload():
    _forget("dock")
    import dock.alpha
    import dock.berth.slip

    dock.alpha.LEFT = True
    before = dock.alpha.__spec__, dock.alpha.__loader__
    found = [importlib.reload(dock.alpha) is dock.alpha, dock.alpha.RUNS, dock.alpha.LEFT]
    found += [before[0] is dock.alpha.__spec__, before[1] is dock.alpha.__loader__, before[0] == dock.alpha.__spec__]
    found += [importlib.reload(dock) is dock, dock.berth.__name__, importlib.reload(dock.berth) is sys.modules["dock.berth"]]
    return found


def observe_reload_of():
    _forget("dock")
    import dock.alpha
    import dock.plain
    import dock.plain.inner
    import dock.substituted as substituted

    alpha = dock.alpha
    found = {
        "a_namespace_package": attempt(lambda: importlib.reload(dock.plain) is dock.plain),
        "a_substitute": attempt(lambda: importlib.reload(substituted) is substituted),
        "no_module": attempt(importlib.reload, "dock"),
        "an_instance": attempt(importlib.reload, types.ModuleType("dock.absent")),
    }
    del sys.modules["dock.alpha"]
    found["a_module_that_was_forgotten"] = attempt(importlib.reload, alpha)
    alpha = importlib.import_module("dock.alpha")
    del sys.modules["dock"]
    found["a_module_whose_package_was_forgotten"] = attempt(importlib.reload, alpha)
    return found


def observe_a_module_that_raises_and_is_imported_again():
    _forget("dock")
    sys.dock_attempts = 0
    import dock

    first = _error(importlib.import_module, "dock.raises")
    between = ["dock.raises" in sys.modules, hasattr(dock, "raises"), importlib.util.find_spec("dock.raises").origin]
    second = importlib.import_module("dock.raises")
    return [first, between, second.BEFORE, second.AFTER, dock.raises is second]


def observe_a_package_that_raises_and_is_imported_again():
    _forget("dock")
    sys.dock_packages = sys.dock_inner = 0
    import dock

    first = _error(importlib.import_module, "dock.raising")
    between = [name for name in sorted(sys.modules) if name.startswith("dock.")], hasattr(dock, "raising")
    second = importlib.import_module("dock.raising")
    return [first, between, sys.dock_packages, sys.dock_inner, second.inner.__name__, second.inner is sys.modules["dock.raising.inner"]]


def observe_a_reload_that_raises():
    _forget("dock")
    sys.dock_attempts = 1
    import dock.raises as raises

    sys.dock_attempts = 0
    failed = _error(importlib.reload, raises)
    return [failed, sys.modules["dock.raises"] is raises, raises.AFTER]


def observe_circles():
    _forget("dock")
    import dock.round_a
    import dock.round_b

    found = [dock.round_a.other(), dock.round_b.other(), dock.round_a.b is dock.round_b]
    for name in ("dock.circle_a", "dock.circle_b", "dock.early_a", "dock.early_b"):
        found.append(_error(importlib.import_module, name))
        found.append([each for each in sorted(sys.modules) if each.startswith("dock.")])
    return found


def observe_hints_of_attribute_errors():
    """From 3.13 on they look where the module lies."""
    _forget("dock", "hinted", "hinted_later")
    import dock.alpha
    import hinted_later

    hinted_like_the_standard_library = types.ModuleType("random")
    hinted_like_the_standard_library.__spec__ = importlib.util.find_spec("hinted_later")
    return [
        attempt(lambda: dock.alpha.absent),
        attempt(lambda: dock.absent),
        attempt(lambda: __import__("quay").absent),
        attempt(lambda: hinted_later.absent),
        attempt(lambda: hinted_like_the_standard_library.absent),
        attempt(importlib.import_module, "hinted"),
        attempt(exec, "from hinted_later import absent", {}),
    ]


def observe_substitutes():
    _forget("dock")
    import dock.answering
    import dock.reclassed
    from dock import substituted

    return [
        substituted.answer(),
        substituted.name,
        importlib.import_module("dock.substituted") is substituted,
        attempt(importlib.util.find_spec, "dock.substituted"),
        dock.reclassed.computed,
        type(dock.reclassed).__name__,
        dock.answering.anything,
        attempt(lambda: dock.answering.absent),
        dir(dock.answering),
        hasattr(dock.answering, "absent"),
        attempt(exec, "from dock.answering import absent", {}),
    ]


def observe_none_in_modules():
    _forget("dock")
    sys.modules["dock.alpha"] = None
    try:
        return [_error(importlib.import_module, "dock.alpha"), attempt(importlib.util.find_spec, "dock.alpha")]
    finally:
        del sys.modules["dock.alpha"]


def observe_lazy_loading():
    def lazily(name):
        _forget("dock")
        spec = importlib.util.find_spec(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        before = type(module).__name__
        value = [attribute for attribute in dir(module) if attribute.isupper()]
        return [before, type(module).__name__, value, module.__file__, module.__spec__.name]

    names = ("dock", "dock.berth", "dock.berth.slip", "dock.empty", "dock.broken", "dock.plain", "quay.single")
    return {name: attempt(lazily, name) for name in names}


def observe_a_lazy_loader_made_by_its_factory():
    _forget("dock")
    spec = importlib.util.find_spec("dock.alpha")
    loader = importlib.util.LazyLoader.factory(type(spec.loader))
    return [callable(loader), loader.__name__ if hasattr(loader, "__name__") else "function"]


def observe_lazy_loading_by_threads():
    if sys.version_info < (3, 13):  # before, a thread may see the module half-made
        return None
    _forget("dock")
    spec = importlib.util.find_spec("dock.berth.slip")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["dock.berth.slip"] = module
    spec.loader.exec_module(module)
    found = []
    threads = [threading.Thread(target=lambda: found.append(module.KIND)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def observe_lazy_statements():
    """PEP 810."""
    if sys.version_info < (3, 15):
        return None
    _forget("dock")
    namespace = {"sys": sys, "__name__": "trying"}
    exec("lazy import dock.berth.slip\nlazy from dock.alpha import value\nlazy import dock.absent as absent", namespace)
    before = sorted(name for name in sys.modules if name.startswith("dock"))
    exec("found = value(), dock.berth.slip.KIND", namespace)
    after = sorted(name for name in sys.modules if name.startswith("dock"))
    return [before, after, namespace["found"], _error(exec, "absent", namespace)]


def observe_lazy_statements_everywhere():
    if sys.version_info < (3, 15):
        return None
    _forget("dock", "quay")
    sys.set_lazy_imports("all")
    try:
        import dock.berth.slip
        import quay.pier.end

        before = sorted(name for name in sys.modules if name.startswith(("dock", "quay")))
        found = [dock.berth.slip.NAME, quay.pier.end.WHERE]
        return [before, found, sorted(name for name in sys.modules if name.startswith(("dock", "quay")))]
    finally:
        sys.set_lazy_imports("normal")


def observe_threads():
    """Many threads import the same modules at once: each runs once, and is whole for all."""
    found = []
    # none in circles: there Python itself may find that two threads wait for each other
    names = ("dock.berth.slip", "dock.alpha", "dock.berth.__main__", "dock.star.listed", "quay.pier.end", "dock.both")
    for turn in range(20):
        _forget("dock", "quay")
        barrier = threading.Barrier(8)
        failed = []

        def work(number):
            barrier.wait()
            for name in names[number % len(names) :] + names[: number % len(names)]:
                try:
                    importlib.import_module(name)
                except BaseException as error:
                    failed.append(repr(error))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found.append([failed, sys.modules["dock.alpha"].RUNS])
    return [failed for failed, _ in found if failed] + [max(runs for _, runs in found)]


def observe_an_import_function_of_ones_own():
    _forget("dock")
    asked, original = [], builtins.__import__

    def observing(name, globals=None, locals=None, fromlist=(), level=0):
        if str(globals and globals["__package__"]).startswith("dock"):
            asked.append([name, list(fromlist or ()), level])
        return original(name, globals, locals, fromlist, level)

    builtins.__import__ = observing
    try:
        import dock.berth.__main__ as main
    finally:
        builtins.__import__ = original
    return [asked, main.RESULT]


def observe_finders_of_ones_own():
    _forget("dock")
    asked = []

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name.startswith("dock"):
                asked.append([name, path and list(path), target is not None])

    sys.meta_path.insert(0, Finder)
    try:
        import dock.berth.slip

        importlib.reload(dock.alpha)
    finally:
        sys.meta_path.remove(Finder)
    return asked


def observe_specs_changed_on_the_way():
    """A finder of one's own that wraps what the others find, as tools for coverage and tracing do."""
    _forget("dock")
    ran = []

    class Loader:
        def __init__(self, loader):
            self.loader = loader

        def __getattr__(self, name):
            return getattr(self.loader, name)

        def create_module(self, spec):
            return self.loader.create_module(spec)

        def exec_module(self, module):
            ran.append(module.__name__)
            source = self.loader.get_source(module.__name__)
            exec(compile(source.replace("1", "2"), module.__file__, "exec"), module.__dict__)

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name.startswith("dock"):
                sys.meta_path.remove(Finder)
                try:
                    spec = importlib.util.find_spec(name)
                finally:
                    sys.meta_path.insert(0, Finder)
                spec.loader = Loader(spec.loader)
                return spec

    sys.meta_path.insert(0, Finder)
    try:
        import dock.alpha

        return [ran, dock.alpha.value(), dock.alpha.__file__]
    finally:
        sys.meta_path.remove(Finder)


def observe_audit_events():
    _forget("dock")
    seen, listening = [], [True]

    def hook(event, arguments):
        if listening[0] and event == "import" and str(arguments[0]).startswith("dock"):
            seen.append([arguments[0], arguments[1], *(None if each is None else "there" for each in arguments[2:])])
        elif listening[0] and event == "exec":
            file = arguments[0].co_filename
            if file.startswith(ROOT):
                seen.append(["exec", file])

    sys.addaudithook(hook)
    try:
        import dock.berth.slip
    finally:
        listening[0] = False
    return seen


def observe_warnings_on_import():
    _forget("dock")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        import dock.berth.slip
        import dock.plain.inner
        import quay.pier.end
    return [str(each.message) for each in caught]


def _error(function, *arguments):
    """Return what an error that ``function`` raises says, or None."""
    try:
        function(*arguments)
    except BaseException as error:
        traceback, frames = error.__traceback__, []
        while traceback is not None:
            frames.append("%s:%s:%d" % (traceback.tb_frame.f_code.co_filename, traceback.tb_frame.f_code.co_name, traceback.tb_lineno))
            traceback = traceback.tb_next
        return [type(error).__name__, str(error), getattr(error, "name", None), getattr(error, "path", None), frames[1:]]


def _forget(*packages):
    for name in list(sys.modules):
        if (name + ".").startswith(tuple(package + "." for package in packages)):
            del sys.modules[name]
