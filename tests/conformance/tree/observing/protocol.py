"""The import protocol: what specs, modules, loaders and errors say."""

import importlib
import importlib.machinery
import importlib.util
import sys

from observing import attempt

PLACES = {
    "a_package": "dock",
    "a_subpackage": "dock.berth",
    "a_module": "dock.alpha",
    "a_module_of_a_subpackage": "dock.berth.slip",
    "a_main_module": "dock.__main__",
    "an_init_module": "dock.__init__",
    "an_init_module_below": "dock.berth.__init__",
    "a_namespace_package": "dock.plain",
    "a_namespace_package_below": "dock.plain.deeper",
    "a_module_of_a_namespace_package": "dock.plain.deeper.leaf",
    "a_namespace_package_at_the_top": "quay",
    "a_namespace_package_in_that": "quay.pier",
    "a_module_in_that": "quay.pier.end",
    "a_package_and_module_of_one_name": "dock.both",
    "a_name_with_a_hyphen": "dock.my-mod",
    "a_name_beyond_ascii": "dock.größe",
    "an_empty_module": "dock.empty",
    "a_module_that_does_not_compile": "dock.broken",
    "a_directory_of_data": "dock.folder.py",
    "a_name_with_dots": "dock.dotted.name",
    "a_name_in_the_wrong_case": "dock.ALPHA",
    "a_name_in_the_wrong_case_too": "dock.case",
    "an_absent_module": "dock.absent",
    "an_absent_package": "dock.absent.module",
    "a_module_in_a_module": "dock.alpha.beneath",
    "nothing": "dock.",
    "a_file_of_data": "dock.data",
    "an_empty_name": "",
    "a_relative_name": ".alpha",
    "a_package_of_bytecode": "sourceless",
    "a_module_of_bytecode": "sourceless.alone",
    "a_subpackage_of_bytecode": "sourceless.below",
}


def observe_specs_before_import():
    _forget("dock", "quay")
    return {what: attempt(_spec, name) for what, name in PLACES.items()}


def observe_specs_after_import():
    importlib.import_module("dock.berth.slip")
    importlib.import_module("dock.alpha")
    importlib.import_module("dock.plain.deeper.leaf")
    importlib.import_module("quay.pier.end")
    return {what: attempt(_spec, name) for what, name in PLACES.items()}


def observe_modules():
    return {what: attempt(_module, name) for what, name in PLACES.items()}


def observe_modules_from_their_specs():
    def made(name):
        module = importlib.util.module_from_spec(importlib.util.find_spec(name))
        before = _attributes(module)
        module.__spec__.loader.exec_module(module)
        return [before, _attributes(module), module is sys.modules.get(name)]

    return {what: attempt(made, name) for what, name in PLACES.items()}


def observe_loaders():
    return {what: attempt(_loader, name) for what, name in PLACES.items()}


def observe_relative_specs():
    return [
        attempt(lambda: importlib.util.find_spec(name, package).name)
        for name, package in ((".alpha", "dock"), ("..alpha", "dock.berth"), ("...alpha", "dock.berth"), (".alpha", None))
    ]


def observe_equality_of_specs():
    one, other = importlib.util.find_spec("dock.alpha"), importlib.util.find_spec("dock.alpha")
    _forget("dock.alpha")
    again = importlib.util.find_spec("dock.alpha")
    return [one == other, again == importlib.util.find_spec("dock.alpha"), again == importlib.util.find_spec("dock.berth")]


def observe_what_a_module_sees_of_itself():
    _forget("dock")
    from dock import alpha

    return [alpha.SEEN, alpha.INITIALISING, getattr(alpha.__spec__, "_initializing", "absent"), alpha.RUNS]


def observe_how_modules_are_shown():
    import dock.berth.slip
    import dock.plain.inner
    import quay.single

    modules = dock, dock.berth, dock.berth.slip, dock.plain.inner, quay.single
    return [repr(module) for module in modules]


def observe_attributes_of_parents():
    _forget("dock")
    import dock.berth.slip

    return [sorted(name for name in vars(dock) if not name.startswith("__")), sorted(vars(dock.berth)), dock.berth.NAME]


IMPORTS = {
    "an_absent_module": "import dock.absent",
    "an_absent_top_level_module": "import absent_altogether",
    "an_absent_name": "from dock import absent",
    "an_absent_name_of_a_module": "from dock.alpha import absent",
    "an_absent_name_of_a_namespace_package": "from quay import absent",
    "something_in_an_absent_package": "import dock.absent.below",
    "something_in_a_module": "import dock.alpha.below",
    "the_wrong_case": "import dock.Alpha",
    "the_wrong_case_at_the_top": "import Dock",
    "the_wrong_case_of_a_file": "import dock.case",
    "a_file_of_data": "import dock.data",
    "an_absent_module_from_within": "import dock.missing",
    "an_absent_name_from_within": "import dock.missing_name",
    "an_absent_relative_name": "import dock.missing_relative",
    "beyond_the_top": "import dock.beyond",
    "something_in_a_module_from_within": "import dock.beneath",
    "what_does_not_compile": "import dock.broken",
    "what_is_not_utf_8": "import dock.encoded",
    "what_exits": "import dock.exits",
    "a_circle_of_names": "import dock.circle_a",
    "a_circle_of_modules": "import dock.early_a",
    "a_relative_name_without_a_package": "from . import alpha",
    "a_wrong_list_of_all": "from dock.star_wrong import *",
    "a_name_of_compatibility_letters": "import dock.\ufb01sh; NAMES = dock.\ufb01sh.FISH, 'dock.fish' in sys.modules",
    "all_of_a_package": "from dock.star import *; NAMES = sorted(name for name in vars() if not name.startswith('__'))",
    "all_of_a_namespace_package": "from quay import *",
    "under_another_name": "import dock.berth.slip as slip; NAMES = slip.__name__",
    "a_package_that_is_a_module_too": "import dock.both; NAMES = dock.both.WHICH",
    "a_module_where_a_name_is_asked": "from dock import alpha; NAMES = alpha.__name__",
    "a_hyphen": "NAMES = __import__('dock.my-mod'); NAMES = sys.modules['dock.my-mod'].HYPHEN",
    "dots_in_a_file_name": "import importlib; importlib.import_module('dock.dotted.name')",
    "init_by_name": "import dock.__init__; NAMES = [dock.__init__.__name__, 'dock.__init__' in sys.modules]",
    "main_by_name": "import dock.__main__; NAMES = dock.__main__.NAMES",
    "an_empty_name": "__import__('')",
    "a_name_with_an_end": "__import__('dock.')",
    "two_dots": "__import__('dock..alpha')",
    "a_path": "__import__('dock/alpha')",
    "a_null": "__import__('dock.al\\0pha')",
    "a_name_that_cannot_be_encoded": "__import__('dock.al\\udc80pha')",
}


def observe_import_of():
    return {what: _imported(statement) for what, statement in IMPORTS.items()}


def observe_import_through_importlib():
    return [
        _error(importlib.import_module, name, package)
        for name, package in ((".absent", "dock"), ("..dock", "dock"), (".alpha", ""), ("dock.absent", None), (".", "dock"))
    ]


def observe_dunder_import():
    import dock.berth

    return [
        __import__("dock.berth").__name__,
        __import__("dock.berth", fromlist=["slip"]).__name__,
        __import__("slip", {"__package__": "dock.berth", "__name__": "x"}, None, ["WHERE"], 1).__name__,
        __import__("", {"__package__": "dock.berth"}, None, ["NAME"], 1).__name__,
    ]


def _imported(statement):
    _forget("dock", "quay")
    namespace = {"sys": sys, "__name__": "trying"}
    failed = _error(exec, statement, namespace)
    here = sorted(name for name in sys.modules if name.startswith(("dock", "quay")))
    return [failed, namespace.get("NAMES"), here]


def _error(function, *arguments):
    """Return what an error that ``function`` raises says, or None."""
    try:
        function(*arguments)
    except BaseException as error:
        said = [type(error).__name__, str(error), getattr(error, "name", None), getattr(error, "path", None)]
        if isinstance(error, SyntaxError):
            said += [error.filename, error.lineno, error.offset, error.text]
        return [*said, type(error.__cause__).__name__, type(error.__context__).__name__, _trace(error)]


def _trace(error):
    traceback, found = error.__traceback__, []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append("%s:%s:%d" % (code.co_filename, code.co_name, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found[1:]


def _spec(name):
    spec = importlib.util.find_spec(name)
    return None if spec is None else _described(spec)


def _described(spec):
    locations = spec.submodule_search_locations
    return {
        "name": spec.name,
        "origin": spec.origin,
        "has_location": spec.has_location,
        "parent": spec.parent,
        "cached": spec.cached,
        "locations": None if locations is None else list(locations),
        "kind of locations": type(locations).__name__,
        "initializing": getattr(spec, "_initializing", "absent"),
        "loader_state": spec.loader_state,
    }


def _module(name):
    return _attributes(importlib.import_module(name))


def _attributes(module):
    spec = module.__spec__
    described = {}
    for name in sorted(vars(module)):
        value = vars(module)[name]
        if name in ("__name__", "__package__", "__file__", "__cached__", "__doc__"):
            described[name] = value
        elif name == "__path__":
            described[name] = [list(value), type(value).__name__, value is spec.submodule_search_locations]
        elif name == "__loader__":
            described[name] = value is spec.loader
        else:
            described[name] = "there"
    return {**described, "spec": _described(spec)}


def observe_attributes_of_loaders():
    """Those of the standard loader that are missing."""
    loaders = importlib.util.find_spec("dock").loader, importlib.util.find_spec("dock.alpha").loader
    names = [name for name in dir(importlib.machinery.SourceFileLoader) if not name.startswith("_")]
    return [[name for name in names if not hasattr(loader, name)] for loader in loaders]


def _loader(name):
    spec = importlib.util.find_spec(name)
    loader = spec.loader
    code = attempt(loader.get_code, name)
    return {
        "is_package": attempt(loader.is_package, name),
        "get_filename": attempt(loader.get_filename, name),
        "get_source": attempt(loader.get_source, name),
        "code": [code.co_filename, code.co_name] if hasattr(code, "co_filename") else code,
        "create_module": attempt(lambda: loader.create_module(spec)),
        "name and path": [getattr(loader, each, None) for each in ("name", "path")],
        "get_data": attempt(lambda: len(loader.get_data(loader.path))),
        "of the source": _of_the_source(loader) if str(spec.origin).endswith(".py") else None,
        "another": [
            attempt(lambda: getattr(loader, method)("other")) for method in ("get_source", "get_filename", "get_code")
        ],
        "equal": [loader == importlib.util.find_spec(name).loader, hash(loader) == hash(importlib.util.find_spec(name).loader)],
    }


def _of_the_source(loader):
    return [
        attempt(lambda: sorted(loader.path_stats(loader.path))),
        attempt(lambda: loader.path_stats(loader.path)["size"]),
        attempt(lambda: type(loader.path_mtime(loader.path)).__name__),
        attempt(lambda: loader.path_stats(loader.path + ".absent")),
        attempt(lambda: loader.set_data(loader.path + "/beneath", b"")),
    ]


def _forget(*packages):
    for name in list(sys.modules):
        if (name + ".").startswith(tuple(package + "." for package in packages)):
            del sys.modules[name]
