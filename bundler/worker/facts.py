"""Read facts from bytecode: what a module imports, and whether it starts programs."""

import sys
from opcode import opmap
from types import CodeType

IMPORT_NAME = opmap["IMPORT_NAME"]
LOAD_CONST = opmap["LOAD_CONST"]
LOAD_SMALL_INT = opmap.get("LOAD_SMALL_INT", -1)  # 3.14
EXTENDED_ARG = opmap["EXTENDED_ARG"]
NAME_SHIFT = 2 if sys.version_info >= (3, 15) else 0  # PEP 810 keeps two flags below the name's index
LAZY = 1 if NAME_SHIFT else 0
#: What imports a module whose name is a string.
IMPORTING_NAMES = {"__import__", "import_module"}
FEW_NAMES = 4
CO_OPTIMIZED = 1  # of functions, not of modules and class bodies

#: Names of what starts programs; with ``executable``, of this one.
STARTING_NAMES = (
    "subprocess",
    "Popen",
    "execv",
    "execve",
    "execl",
    "execle",
    "execlp",
    "execvp",
    "execvpe",
    "spawnv",
    "spawnve",
    "spawnl",
    "spawnvp",
    "spawnlp",
    "posix_spawn",
    "posix_spawnp",
    "create_subprocess_exec",
    "subprocess_exec",
    "fork_exec",
    "spawnv_passfds",  # of multiprocessing.util
)
STARTING_MARKS = tuple(bytes([len(name)]) + name.encode() for name in STARTING_NAMES)
#: ``sys.executable``, and what multiprocessing has for it.
EXECUTABLE_MARKS = (b"\x0aexecutable", b"\x0eget_executable")


def starts_children(data):
    """Return whether the canonical marshal ``data`` of a module names ``sys.executable`` and one of ``STARTING_NAMES``."""
    return any(mark in data for mark in EXECUTABLE_MARKS) and any(mark in data for mark in STARTING_MARKS)


def imports(code):
    """Return ``(name, level, names, inner)`` of the imports in the module ``code``.

    ``inner`` tells those in functions, and lazy ones (PEP 810), from those that
    run when the module runs. What is in functions comes last, before it the
    module's own and then those in class bodies.
    Imports under ``if TYPE_CHECKING:`` are left out. ``names`` is empty for a
    plain import. What a module imports by name counts as running with it, see ``_by_name``.
    """
    found = []
    functions = []
    names, texts = set(), {}
    for bodies, inner in (([code], False), (functions, True)):
        for body in bodies:  # grows while it is walked
            if IMPORT_NAME in body.co_code:
                found += [(name, level, names, inner or lazy) for name, level, names, lazy in _imports(body)]
            names.update(body.co_names)
            for constant in body.co_consts:
                if type(constant) is CodeType:
                    (functions if inner or constant.co_flags & CO_OPTIMIZED else bodies).append(constant)
                else:
                    texts.update(dict.fromkeys(constant if type(constant) is tuple else (constant,)))
    if names & IMPORTING_NAMES:
        # one that does so as it runs may name top-level modules, too
        found += [(name, 0, (), False) for name in _by_name(texts, "__import__" in code.co_names)]
    return found


def _by_name(texts, top):
    """Return those of the strings in a module that imports by name which can be modules: its plugins. Without a dot only if ``top`` says so.

    None if there are many: that is a table of what is imported once it is asked for.
    """
    found = [text for text in texts if type(text) is str and (top or "." in text) and all(map(str.isidentifier, text.split(".")))]
    return found if len(found) <= FEW_NAMES else []


def _imports(code):
    """Yield ``(name, level, names, lazy)`` of the imports of one code object.

    The compiler always writes an import as three instructions: load the level,
    load the names, import. Instructions are two bytes wide and the caches
    between them zeros, so IMPORT_NAME can be searched for.
    """
    instructions = code.co_code
    operations = instructions[::2]
    skipped = _skipped(code) if "TYPE_CHECKING" in code.co_names else ()
    index = -1
    while True:
        index = operations.find(IMPORT_NAME, index + 1)
        if index < 0:
            return
        if any(start <= index * 2 < end for start, end in skipped):
            continue
        name, first = _argument(instructions, index)
        names, before = _argument(instructions, first - 1)
        level, _ = _argument(instructions, before - 1)
        names = code.co_consts[names] if operations[first - 1] == LOAD_CONST else None
        if operations[before - 1] != LOAD_SMALL_INT:
            level = code.co_consts[level]
        yield code.co_names[name >> NAME_SHIFT], level, names or (), bool(name & LAZY)


def _argument(instructions, index):
    """Return the argument of the instruction at ``index``, and the index where its EXTENDED_ARGs begin."""
    argument = instructions[2 * index + 1]
    shift = 8
    while index and instructions[2 * index - 2] == EXTENDED_ARG:
        index -= 1
        argument |= instructions[2 * index + 1] << shift
        shift += 8
    return argument, index


def _skipped(code):
    """Return the ranges of offsets under ``if TYPE_CHECKING:``."""
    import dis  # 3 ms, for few modules in a hundred

    found = []
    tested = False
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if instruction.argval == "TYPE_CHECKING" and name in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_ATTR"):
            tested = True
        elif tested and name not in ("TO_BOOL", "CACHE", "EXTENDED_ARG"):
            if name in ("POP_JUMP_IF_FALSE", "POP_JUMP_FORWARD_IF_FALSE"):
                found.append((instruction.offset, instruction.argval))
            tested = False
    return found
