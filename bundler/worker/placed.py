"""Tell from bytecode whether a module asks where modules are: then it may open files next to itself."""

from types import CodeType

#: What leads to the place of a module, by itself.
PLACES = (
    "__file__",
    "__path__",
    "co_filename",
    "getfile",
    "getsourcefile",
    "getabsfile",
    "getframeinfo",
    "submodule_search_locations",
    "locate_file",
    "SourceFileLoader",  # who makes one has it read sources
)
#: What does so together: one name of each group.
TOGETHER = (
    (("origin",), ("find_spec", "__spec__", "spec_from_loader")),
    (("get_filename",), ("__loader__", "get_loader", "find_loader", "loader")),
    (("path",), ("__loader__",)),
    (("locate",), ("distribution", "files")),
    (("filename",), ("inspect", "traceback"), ("stack", "extract_stack", "getouterframes", "getinnerframes", "walk_stack")),
)
#: Functions that a package's ``__path__`` is handed to and that ask finders, not the operating system.
HARMLESS = ("extend_path", "iter_modules", "walk_packages")

#: A tuple of more strings is a list of words: of a lexer, of what to leave out.
MOST = 8


def _mark(name):
    # as marshal writes a short ASCII string: its length in front rules out most mentions in prose
    return bytes([len(name)]) + name.encode()


_MARKS = tuple(map(_mark, PLACES))
_MARKS_TOGETHER = tuple([tuple(map(_mark, group)) for group in groups] for groups in TOGETHER)


def names_files(data, code):
    """Return whether a module asks where it or another one is. Any doubt is a yes.

    ``code`` is its code object and ``data`` the same as canonical marshal data,
    in which most modules have none of the names. What only sets them does not
    ask, nor what only hands ``__path__`` to ``pkgutil``.
    """
    if not _has(data, _MARKS, _MARKS_TOGETHER):
        return False
    loaded = {}
    _count(code, loaded)
    if loaded.get("__path__", 0) <= sum(loaded.get(name, 0) for name in HARMLESS):
        loaded.pop("__path__", None)
    return _has(loaded, PLACES, TOGETHER)


def _has(found, alone, together):
    return any(name in found for name in alone) or any(
        all(any(name in found for name in group) for group in groups) for groups in together
    )


def _count(code, loaded):
    """Count in ``loaded`` how often each name is used, and each string that could be one."""
    import dis  # 3 ms, for few modules in a hundred

    for instruction in dis.get_instructions(code):
        value = instruction.argval
        if type(value) is str and not instruction.opname.startswith(("STORE_", "DELETE_")):
            loaded[value] = loaded.get(value, 0) + 1
        elif type(value) in (tuple, frozenset) and len(value) <= MOST:
            for each in value:
                if type(each) is str:
                    loaded[each] = loaded.get(each, 0) + 1
    for constant in code.co_consts:
        if type(constant) is CodeType:
            _count(constant, loaded)
