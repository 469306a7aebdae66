"""Introspection: ``inspect``, ``linecache``, ``pickle`` by name, hints, what shows source."""

import ast
import dis
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import io
import linecache
import os
import pickle
import subprocess
import sys
import types
import typing

import studied
import studied.forms
import studied_alone
from observing import attempt
from studied import crlf, failing, forms, latin, marked, nothing, paged, tabbed, unended
from studied import __main__ as main_module
from studied.loose import leaf

MODULES = [studied, studied_alone, main_module, forms, failing, leaf, paged, latin, crlf, marked, unended, tabbed, nothing]
inner_function, Local, inner_lambda = forms.outer_function()
OBJECTS = {
    **{name: value for name, value in vars(forms).items() if getattr(value, "__module__", None) == forms.__name__},
    "inner_function": inner_function,
    "local_class": Local,
    "local_method": Local.method,
    "inner_lambda": inner_lambda,
    "first_of_pair": forms.pair[0],
    "second_of_pair": forms.pair[1],
    "partial": forms.in_a_call,
    "from_text": forms.from_text,
    "wrapped_itself": forms.wrapped.__wrapped__,
    "inner_class": forms.Outer.Inner,
    "innermost_class": forms.Outer.Inner.Innermost,
    "innermost_method": forms.Outer.Inner.Innermost.method,
    "method": forms.Outer.documented,
    "inherited_method": forms.Outer.inherited,
    "bound_method": forms.Outer().documented,
    "property": forms.Outer.computed,
    "getter": forms.Outer.computed.fget,
    "setter": forms.Outer.computed.fset,
    "cached_property": vars(forms.Outer)["kept"],
    "static_method": forms.Outer.static,
    "class_method": forms.Outer.made,
    "lambda_in_a_class": forms.Outer.short,
    "instance": forms.Outer(),
    "code": forms.plain.__code__,
    "generator_object": forms.generator(),
    "module_alone": studied_alone,
    "function_alone": studied_alone.first,
    "package": studied,
    "function_of_a_package": studied.first,
    "function_of_a_main_module": main_module.main,
    "function_of_a_namespace_package": leaf.first,
    "namespace_package": sys.modules["studied.loose"],
    "function_on_the_second_page": paged.second,
    "function_on_the_third_page": paged.third,
    "function_in_latin_1": getattr(latin, "größe"),
    "function_after_crlf": crlf.fail,
    "function_after_a_mark": marked.first,
    "function_without_an_end": unended.fail,
    "empty_module": nothing,
    "builtin": len,
    "builtin_class": int,
    "builtin_module": sys,
    "number": 1,
}
FUNCTIONS = [
    inspect.getfile, inspect.getsourcefile, inspect.getabsfile, inspect.getsource, inspect.getsourcelines, inspect.findsource,
    inspect.getmodule, inspect.getdoc, inspect.getcomments, inspect.signature, inspect.getmodulename, inspect.unwrap,
    inspect.classify_class_attrs,
    inspect.getclosurevars,
]  # fmt: skip


def _function(function):
    def observe():
        answers = {name: attempt(function, value) for name, value in OBJECTS.items()}
        # as many lines as the file has are known by their number and their end
        return {name: _short(answer) for name, answer in answers.items()}

    return observe


def _short(answer):
    if isinstance(answer, tuple) and isinstance(answer[0], list) and len(answer[0]) > 40:
        return len(answer[0]), answer[0][-1], answer[1]
    return answer


for each in FUNCTIONS:
    globals()["observe_inspect_" + each.__name__] = _function(each)


def observe_source_of_a_module():
    return {module.__name__: attempt(inspect.getsource, module) for module in MODULES}


def observe_source_that_is_parsed():
    return {module.__name__: ast.dump(ast.parse(inspect.getsource(module))) for module in MODULES if module is not nothing}


def observe_module_of_a_file():
    return [inspect.getmodule(None, module.__file__) for module in MODULES]


def observe_module_of_code():
    return [inspect.getmodule(code) for code in (forms.plain.__code__, failing.simple.__code__, leaf.first.__code__)]


def observe_file_names():
    return [
        [module.__file__, module.first.__code__.co_filename, os.path.basename(module.__file__), getattr(module, "__cached__", None)]
        for module in MODULES
        if hasattr(module, "first")
    ]


def observe_code_objects():
    code = compile("pass", "<text>", "exec")
    for module in (forms, failing, studied):
        spec = module.__spec__
        code = spec.loader.get_code(spec.name)
        yield_ = [code]
        for one in yield_:
            yield_ += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]
        assert {one.co_filename for one in yield_} == {module.__file__}
    return [len(yield_), code.co_firstlineno, code.co_name]


def observe_disassembly():
    out = io.StringIO()
    dis.dis(forms.plain, file=out)
    return out.getvalue(), dis.code_info(forms.plain)


def observe_frames():
    frames = []

    def trace(frame, event, argument):
        if frame.f_code.co_filename == failing.__file__:
            information = inspect.getframeinfo(frame, context=3)
            frames.append([information.filename, information.lineno, information.function, information.code_context, information.index])

    sys.setprofile(trace)
    try:
        attempt(failing.nested)
    finally:
        sys.setprofile(None)
    return frames


def observe_frames_of_a_traceback():
    try:
        failing.over_lines()
    except TypeError as error:
        return [list(frame)[1:] for frame in inspect.getinnerframes(error.__traceback__, context=5)][1:]


def observe_frames_of_a_stack():
    return [list(frame)[1:] for frame in inspect.getouterframes(failing.frame(), context=3)][:1]


def observe_state_of_a_generator():
    made = forms.generator()
    next(made)
    return [made.gi_frame.f_lineno, inspect.getgeneratorstate(made), inspect.getsource(made.gi_code), inspect.getsource(made.gi_frame)]


def observe_source_after_the_cache_was_cleared():
    linecache.clearcache()
    first = inspect.getsource(forms.plain)
    linecache.checkcache()
    return [first, inspect.getsource(forms.plain)]


def observe_source_of_a_deleted_module():
    module = sys.modules.pop("studied.tabbed")
    linecache.clearcache()
    try:
        return [attempt(inspect.getsource, module.first), attempt(inspect.getsource, module), attempt(inspect.getsourcefile, module.first)]
    finally:
        sys.modules["studied.tabbed"] = module


def _lines(get):
    """Observe ``get(module)``, which returns lines, on every module, each with an empty cache."""

    def observe():
        found = {}
        for module in MODULES:
            linecache.clearcache()
            lines = attempt(get, module)
            found[module.__name__] = lines if len(lines) < 30 else [len(lines), lines[:3], lines[-3:]]
        return found

    return observe


def _twice(module):
    one = linecache.getlines(module.__file__)
    linecache.checkcache()
    linecache.checkcache(module.__file__)
    assert module.__file__ in linecache.cache or not one
    assert linecache.getlines(module.__file__) == one
    return one


def _lazily(module):
    linecache.lazycache(module.__file__, vars(module))
    linecache.checkcache(module.__file__)
    return linecache.getlines(module.__file__)


observe_lines_by_file_name = _lines(lambda module: linecache.getlines(module.__file__))
observe_lines_with_globals = _lines(lambda module: linecache.getlines(module.__file__, vars(module)))
observe_lines_with_the_globals_of_another = _lines(lambda module: linecache.getlines(module.__file__, vars(typing)))
observe_lines_after_a_check = _lines(_twice)
observe_lines_found_lazily = _lines(_lazily)
observe_lines_updated = _lines(lambda module: linecache.updatecache(module.__file__))
observe_one_line = _lines(lambda module: [linecache.getline(module.__file__, number) for number in (-1, 0, 1, 3, 10000)])


def observe_lines_of_what_is_no_module():
    root = os.path.dirname(studied.__file__)
    names = ["examples.txt", "absent.py", "undecodable.py", "broken.py", "", "loose", "loose/leaf.py", "../studied/loose/leaf.py", "./forms.py/x"]
    linecache.clearcache()
    return {name: attempt(linecache.getlines, os.path.join(root, name))[:5] for name in names}


def observe_lines_of_a_relative_name():
    linecache.clearcache()
    return {name: linecache.getlines(name)[:2] for name in ("studied_alone.py", "studied/latin.py", "absent.py", "studied.py")}


def observe_pickles():
    things = [
        forms.plain, forms.wrapped, forms.Outer, forms.Outer.Inner.Innermost, forms.Outer.Inner.Innermost.method, forms.Record("a"),
        forms.Colour.RED, forms.Exported(1), forms.Outer.made, forms.Outer().documented, leaf.first, studied_alone.first, forms.short,
        Local, forms.Twice(), forms.WithMeta(), inner_function, forms.cached, forms, ValueError("a"), failing.Unprintable("b"),
    ]  # fmt: skip
    found = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for thing in things:
            data = attempt(pickle.dumps, thing, protocol)
            same = type(data) is bytes and pickle.loads(data)
            found.append([data, same is thing or type(same) is type(thing)])
    return found


def observe_pickle_in_another_process():
    data = pickle.dumps([forms.Record("größe", [1]), forms.Colour.BLUE, forms.plain, leaf.first])
    program = "import pickle, sys; print(ascii(pickle.loads(sys.stdin.buffer.read())))"
    options = {"input": data, "capture_output": True}
    path = os.path.dirname(os.path.dirname(studied.__file__))
    ran = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, **options)
    return [ran.returncode, ran.stdout.decode(), ran.stderr.decode()]


def observe_hints():
    return {
        name: attempt(typing.get_type_hints, value)
        for name, value in OBJECTS.items()
        if isinstance(value, (type, types.FunctionType, types.ModuleType))
    }


def observe_data_classes():
    one = forms.Record("a", [1], forms.Record("b"))
    return [one, one < forms.Record("b"), one.total(), forms.Record.__match_args__ if sys.version_info >= (3, 10) else None]


def observe_annotations():
    if sys.version_info < (3, 14):
        return None
    import annotationlib

    return [annotationlib.get_annotations(forms.plain, format=form) for form in (annotationlib.Format.FORWARDREF, annotationlib.Format.STRING)]


def observe_names():
    return [
        [value.__module__, value.__qualname__, repr(value)]
        for value in OBJECTS.values()
        if hasattr(value, "__qualname__") and hasattr(value, "__module__")
    ]


def observe_modules():
    return [repr(module) for module in MODULES]


def observe_kinds_of_loaders():
    kinds = [
        importlib.machinery.SourceFileLoader, importlib.machinery.SourcelessFileLoader, importlib.machinery.ExtensionFileLoader,
        importlib.abc.SourceLoader, importlib.abc.FileLoader, importlib.abc.InspectLoader, importlib.abc.ExecutionLoader,
        importlib.abc.ResourceLoader, importlib.abc.Loader,
    ]  # fmt: skip
    return {module.__name__: [isinstance(module.__spec__.loader, kind) for kind in kinds] for module in MODULES}


def observe_code_that_a_hook_changes():
    """As pytest and typeguard do it: read the source, change it, run that in place of the module."""
    loader = importlib.util.find_spec("studied.tabbed").loader
    code = loader.source_to_code(loader.get_source("studied.tabbed").replace("1", "2"), loader.get_filename("studied.tabbed"))
    namespace = {}
    exec(code, namespace)
    again = importlib.machinery.SourceFileLoader("studied.tabbed", loader.path)
    return [namespace["first"](), again.get_source("studied.tabbed"), again.get_code("studied.tabbed").co_filename]


def observe_reload():
    before = inspect.getsource(tabbed.first)
    again = importlib.reload(tabbed)
    return [before == inspect.getsource(again.first), again is tabbed]
