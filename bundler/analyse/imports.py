"""Follow imports: in which order a start reads the modules, and which imports nothing in the bundle provides."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..stages import Compiled, Import
from .conditions import Target, holds

#: Modules whose distribution has another name, by module; a dotted name goes before its parent.
DISTRIBUTIONS = {
    "Crypto": "pycryptodome",
    "Cryptodome": "pycryptodomex",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "Xlib": "python-xlib",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cairo": "pycairo",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "django_filters": "django-filter",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "flask_cors": "Flask-Cors",
    "flask_sqlalchemy": "Flask-SQLAlchemy",
    "gi": "PyGObject",
    "git": "GitPython",
    "github": "PyGithub",
    "google.auth": "google-auth",
    "google.cloud.bigquery": "google-cloud-bigquery",
    "google.cloud.storage": "google-cloud-storage",
    "google.protobuf": "protobuf",
    "googleapiclient": "google-api-python-client",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "kafka": "kafka-python",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "markdown_it": "markdown-it-py",
    "multipart": "python-multipart",
    "MySQLdb": "mysqlclient",
    "nacl": "PyNaCl",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pythoncom": "pywin32",
    "rest_framework": "djangorestframework",
    "ruamel.yaml": "ruamel.yaml",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socks": "PySocks",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "websocket": "websocket-client",
    "win32api": "pywin32",
    "win32con": "pywin32",
    "wx": "wxPython",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}

#: What catches a failed import.
CATCHES = frozenset(["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])


@dataclass(frozen=True)
class MissingImport:
    """An import of the application's own that neither the bundle nor the standard library provides."""

    path: str  #: of the source, in the bundle
    line: int  #: from 1
    name: str  #: the module as it is written there: ``yaml.nodes``


def order(
    entry: Iterable[str],
    modules: Mapping[str, str],
    compiled: Mapping[str, Compiled],
    standard_library: frozenset[str] = frozenset(),
) -> tuple[list[str], int, int]:
    """Return all paths of ``modules`` in the order in which they are likely to be read, and two counts.

    ``entry`` names the modules that a start imports first, ``modules`` is
    every module's path by name. Imports are followed depth first: a package
    before what is in it, a module before what it imports; ``from package
    import name`` also imports a module of that name. First comes what these
    lead to when they run; then the same for the imports in their functions,
    since a console script often imports the application in its ``main()``,
    and in those of the module that it takes another ``main()`` from: as
    many as the first count says belong to a start. Then come those that
    imports in other functions lead to, up to the second count, and at last
    the rest, sorted.

    A package may hold what it imports as top-level modules, and find it there
    with a finder of its own: a name that neither ``modules`` nor
    ``standard_library`` has is sought below the importing one's top-level package.
    """
    entry = list(entry)
    reached: dict[str, None] = {}
    inner: dict[str, Iterator[str]] = {}

    def follow(names: Iterable[str]) -> None:
        pending = [iter(names)]
        while pending:
            name = next(pending[-1], None)
            if name is None:
                pending.pop()
            elif name in modules and modules[name] not in reached:
                path = modules[name]
                reached[path] = None
                found = imports_of(path)
                if found:
                    pending.append(those_of(name, path, [each for each in found if not each.inner]))
                    inner[name] = those_of(name, path, [each for each in found if each.inner])

    def imports_of(path: str) -> Iterable[Import]:
        # an extension module is read in the source beside it, as mypyc and others leave it there
        source = path if path in compiled else twin(path)
        return compiled[source].imports if source in compiled else ()

    def those_of(module: str, path: str, imports: Iterable[Import]) -> Iterator[str]:
        holder = module.partition(".")[0]
        for name in targets(module, path, imports):
            top = name.partition(".")[0]
            yield name if top in modules or top in standard_library else f"{holder}.{name}"

    follow(parent for name in entry for parent in with_parents(name))
    for name in entry:  # grows
        follow(inner.pop(name, ()))
        path = modules.get(name, "")
        mains = [each for each in imports_of(path) if "main" in each.names]
        entry += [base for base in those_of(name, path, [replace(each, names=()) for each in mains]) if base not in entry and base != name]
    start = len(reached)
    while inner:
        follow(inner.pop(next(iter(inner))))
    rest = sorted(set(modules.values()) - reached.keys())
    return [*reached, *rest], start, len(reached)


def twin(path: str) -> str:
    """Return the path that an extension module's source in Python has, if it lies beside it."""
    directory, slash, name = path.rpartition("/")
    return directory + slash + name.partition(".")[0] + ".py"


def targets(module: str, path: str, imports: Iterable[Import]) -> Iterator[str]:
    """Yield the names of the modules that ``imports`` of ``module`` may import, parents first."""
    package = module if path.rpartition("/")[2].startswith("__init__.") else module.rpartition(".")[0]
    for each in imports:
        base = resolve(each, package)
        if base is None:
            continue
        yield from with_parents(base)
        for name in each.names:
            if name != "*":
                yield f"{base}.{name}"


def resolve(what: Import, package: str) -> str | None:
    """Return the absolute name of the module that an import in ``package`` names, as PEP 328 has it.

    None for a relative import that leaves the top-level package, or outside of any.
    """
    if not what.level:
        return what.name
    parts = package.split(".")
    if not package or what.level > len(parts):
        return None
    base = parts[: len(parts) - what.level + 1]
    return ".".join([*base, what.name] if what.name else base)


def with_parents(name: str) -> Iterator[str]:
    """Yield ``a``, ``a.b`` and ``a.b.c`` for ``a.b.c``."""
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name


def missing(
    sources: Mapping[str, bytes],
    modules: Iterable[str],
    standard_library: frozenset[str],
    *,
    version: tuple[int, int, int] = sys.version_info[:3],
    platform: str = sys.platform,
) -> list[MissingImport]:
    """Return the absolute imports in ``sources`` of what is neither in ``modules`` nor in ``standard_library``.

    ``sources`` are the application's own, by path; ``modules`` are the names of
    all modules in the bundle, of which the top-level part counts. ``version``
    and ``platform`` (as ``sys.platform``) are what conditions are judged for.

    Not reported: what ``except ImportError`` or the like catches, unless its
    fallback is missing too; what runs for type checkers only, or for versions
    and platforms other than the target's. Of each top-level name only the
    first import in a file is returned. A source that does not parse has none.
    """
    provided = {name.partition(".")[0] for name in modules} | standard_library | {"__main__"}
    found = []
    for path in sorted(sources):
        tree = parsed(sources[path])
        if tree is None:
            continue
        first: dict[str, MissingImport] = {}
        for line, name in sorted(_missing(tree.body, provided, Target(version, platform))):
            first.setdefault(name.partition(".")[0], MissingImport(path, line, name))
        found += sorted(first.values(), key=lambda each: (each.line, each.name))
    return found


def suggest(name: str) -> str:
    """Return the distribution that most likely provides the module ``name``: what ``--with`` would take."""
    for prefix in reversed(list(with_parents(name))):
        if prefix in DISTRIBUTIONS:
            return DISTRIBUTIONS[prefix]
    return name.partition(".")[0]


def parsed(source: bytes) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _missing(body: Iterable[ast.AST], provided: set[str], target: Target) -> list[tuple[int, str]]:
    """Return line and name of each import in ``body``, at any depth, that fails with ``provided``."""
    found: list[tuple[int, str]] = []
    pending = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names if not _is_provided(alias.name, provided)]
        elif isinstance(node, ast.ImportFrom):
            if not node.level and node.module and not _is_provided(node.module, provided):
                found.append((node.lineno, _written(node)))
        elif isinstance(node, ast.If):
            value = holds(node.test, target)
            pending += node.body if value is not False else []
            pending += node.orelse if value is not True else []
        elif isinstance(node, ast.Try) and any(catches(handler.type) for handler in node.handlers):
            if _missing(node.body, provided, target):
                pending += node.handlers
            pending += node.finalbody
        elif isinstance(node, (ast.With, ast.AsyncWith)) and any(suppresses(item) for item in node.items):
            continue
        elif not isinstance(node, ast.expr):
            pending += ast.iter_child_nodes(node)
    return found


def _is_provided(name: str, provided: set[str]) -> bool:
    return name.partition(".")[0] in provided


def _written(node: ast.ImportFrom) -> str:
    """Return the module named, with what is imported from it where that tells distributions apart."""
    names = [f"{node.module}.{alias.name}" for alias in node.names]
    return next((name for name in names if name in DISTRIBUTIONS), node.module or "")


def catches(kind: ast.expr | None) -> bool:
    """Return whether ``except kind`` catches a failed import; a bare ``except:`` does."""
    if kind is None:
        return True
    kinds: Sequence[ast.expr] = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(each, ast.Name) and each.id in CATCHES for each in kinds)


def suppresses(item: ast.withitem) -> bool:
    """Return whether a context manager is ``contextlib.suppress(ImportError)`` or the like."""
    call = item.context_expr
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name == "suppress" and any(catches(argument) for argument in call.args)
