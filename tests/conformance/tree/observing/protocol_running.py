"""The import protocol: modules, scripts and directories run by ``runpy``."""

import os
import runpy
import sys
import warnings

from observing import ROOT

MODULES = {
    "a_module": ("dock.alpha",),
    "a_package_with_a_main_module": ("dock",),
    "a_subpackage": ("dock.berth",),
    "a_module_of_a_subpackage": ("dock.berth.slip",),
    "a_main_module": ("dock.berth.__main__",),
    "an_init_module": ("dock.berth.__init__",),
    "a_package_without_a_main_module": ("dock.star",),
    "a_namespace_package": ("dock.plain",),
    "a_namespace_package_with_a_main_module": ("dock.runnable",),
    "a_module_of_a_namespace_package": ("quay.pier.end",),
    "a_script": ("dock.script",),
    "a_script_under_another_name": ("dock.script", None, "__main__"),
    "a_script_with_globals": ("dock.script", {"given": "a global"}),
    "a_script_with_globals_of_its_own": ("dock.script", {"__name__": "x", "__spec__": 1, "NAMES": 2, "__file__": 3}),
    "a_script_in_place": ("dock.script", None, None, True),
    "a_script_in_place_under_another_name": ("dock.script", {"given": 1}, "another", True),
    "a_script_in_place_of_main": ("dock.script", {"given": 1}, "__main__", True),
    "a_package_in_place": ("dock.berth", None, None, True),
    "what_is_substituted": ("dock.substituted",),
    "what_does_not_compile": ("dock.broken",),
    "what_exits": ("dock.exits",),
    "an_absent_module": ("dock.absent",),
    "something_in_an_absent_package": ("absent.module",),
    "something_in_a_module": ("dock.alpha.below",),
    "a_file_name": ("dock/alpha.py",),
    "a_file_name_with_a_suffix": ("dock.alpha.py",),
    "a_relative_name": (".alpha",),
    "what_imports_what_is_absent": ("dock.missing",),
}


def observe_modules_run():
    return {what: _run(runpy.run_module, *arguments) for what, arguments in MODULES.items()}


def observe_warning_of_a_module_that_was_imported():
    import dock.berth.slip

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        runpy.run_module("dock.berth.slip")
    return [str(each.message) for each in caught]


def observe_paths_run():
    paths = {
        "a_script": (_at("dock", "script.py"),),
        "a_script_with_globals": (_at("dock", "script.py"), {"given": "a global"}),
        "a_script_under_another_name": (_at("dock", "script.py"), None, "another"),
        "a_script_as_main": (_at("dock", "script.py"), None, "__main__"),
        "a_script_by_way_of_dots": (_at("dock", "star", os.pardir, "script.py"),),
        "a_module_that_imports_relatively": (_at("dock", "berth", "slip.py"),),
        "a_directory_with_a_main_module": (_at("dock", "runnable"),),
        "a_directory_with_globals": (_at("dock", "runnable"), {"given": 1}, "another"),
        "a_directory_with_an_end": (_at("dock", "runnable") + os.sep,),
        "a_directory_without_a_main_module": (_at("dock", "star"),),
        "a_package_with_a_main_module": (_at("dock", "berth"),),
        "what_does_not_compile": (_at("dock", "broken.py"),),
        "what_exits": (_at("dock", "exits.py"),),
        "a_file_of_data": (_at("dock", "data.txt"),),
        "an_absent_file": (_at("dock", "absent.py"),),
        "an_absent_directory": (_at("dock", "absent", "script.py"),),
        "something_in_a_file": (_at("dock", "alpha.py", "script.py"),),
    }
    return {what: _run(runpy.run_path, *arguments) for what, arguments in paths.items()}


def observe_what_running_leaves_behind():
    _forget("dock")
    before = list(sys.path), sys.argv[:], sys.modules["__main__"]
    runpy.run_path(_at("dock", "runnable"), run_name="__main__")
    runpy.run_module("dock.script", run_name="__main__", alter_sys=True)
    after = list(sys.path), sys.argv[:], sys.modules["__main__"]
    return [before == after, before[2] is after[2], _at("dock", "runnable") in sys.path_importer_cache]


def observe_compiled_and_run():
    """``exec(compile(open(path).read(), path, "exec"))`` is how ``execfile`` is spelt."""
    path = _at("dock", "script.py")
    namespace = {"__name__": "executed", "__file__": path, "__package__": None, "__spec__": None, "__loader__": None}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), namespace)
    return namespace["NAMES"]


def _at(*names):
    return os.path.join(ROOT, *names)


def _run(function, *arguments):
    _forget("dock", "quay")
    before = set(sys.modules)
    arguments_of_the_process, sys.argv = sys.argv, ["program", "argument"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = function(*arguments)
    except BaseException as error:
        cause = error.__cause__
        return [type(error).__name__, str(error), getattr(error, "name", None), type(cause).__name__, str(cause)]
    finally:
        sys.argv = arguments_of_the_process
    interesting = {
        name: value if isinstance(value, (str, list, tuple, bool, type(None))) else "there"
        for name, value in found.items()
        if name not in ("sys", "os", "__builtins__", "__loader__", "__annotations__")
    }
    spec = found.get("__spec__")
    return [
        interesting,
        None if spec is None or isinstance(spec, int) else [spec.name, spec.origin, spec.parent],
        "__loader__" in found,
        sorted(name for name in set(sys.modules) - before if name.startswith(("dock", "quay"))),
    ]


def _forget(*packages):
    for name in list(sys.modules):
        if (name + ".").startswith(tuple(package + "." for package in packages)):
            del sys.modules[name]
