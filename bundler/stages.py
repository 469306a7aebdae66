"""The plain data that passes between the stages of a build.

What was pointed at becomes a :class:`Project`; its requirements become a tree
of :class:`Distribution`; tree and sources become a sorted list of
:class:`File`; sources become :class:`Compiled`; the frames, the container and
the app file are made from these. Paths inside the bundle are relative to its
root and separated by ``/`` on every platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bundler.platforms import Platform
from bundler.standard_library import ADDED_AFTER_39, NAMES

@dataclass(frozen=True)
class Interpreter:
    """A Python that runs here, as it describes itself."""

    executable: str  #: absolute path
    version: tuple[int, int, int]
    build: str  #: ``sys.version``: part of the key of everything cached for it
    cache_tag: str  #: ``cpython-311``
    magic: bytes  #: four bytes, ``importlib.util.MAGIC_NUMBER``
    extension_suffixes: tuple[str, ...]  #: ``importlib.machinery.EXTENSION_SUFFIXES``, in their order
    platform: str  #: ``sysconfig.get_platform()``: ``linux-x86_64``
    standard_library: frozenset[str]  #: names of its top-level modules
    flags: str = ""  #: of its ABI: ``t`` for a free-threaded build, ``d`` for a debug build, both, or none

    @property
    def minor(self) -> str:
        """``3.11``."""
        return "%d.%d" % self.version[:2]


@dataclass(frozen=True)
class Target:
    """A Python on a platform that the app file is for."""

    version: tuple[int, int]
    flags: str  #: of its ABI: ``t`` for a free-threaded build, ``d`` for a debug build, both, or none
    platform: Platform
    interpreter: Interpreter | None  #: a Python of its version, which makes its bytecode; None if none is here
    here: bool  #: it is the interpreter itself, on this machine: what has no wheel can be built for it

    @property
    def minor(self) -> str:
        """``3.13``."""
        return "%d.%d" % self.version

    @property
    def full_version(self) -> tuple[int, int, int]:
        """What conditions on ``sys.version_info`` are judged for; of a Python that is not here the last number is 0."""
        return self.interpreter.version if self.here and self.interpreter else (*self.version, 0)

    @property
    def python(self) -> str:
        """``cp313t``: the ABI tag."""
        return "cp%d%d%s" % (*self.version, self.flags)

    @property
    def name(self) -> str:
        """``cp313-manylinux_2_28_x86_64``."""
        return "%s-%s" % (self.python, self.platform.tag)

    @property
    def extension_suffixes(self) -> tuple[str, ...]:
        """The suffixes of extension modules that it loads, in its order."""
        if self.here and self.interpreter:
            return self.interpreter.extension_suffixes
        return self.platform.suffixes(self.version, self.flags)

    @property
    def standard_library(self) -> frozenset[str]:
        """The names of its top-level modules; of any version's, where no interpreter tells."""
        if self.interpreter:
            return self.interpreter.standard_library
        return NAMES - ADDED_AFTER_39 if self.version == (3, 9) else NAMES


@dataclass(frozen=True)
class Project:
    """What the user pointed at."""

    kind: Literal["directory", "project", "script", "nothing"]
    origin: Path | None  #: the directory or the script; None for "nothing"
    name: str  #: what to call it in messages: the directory's, the project's or the script's name
    requirements: tuple[str, ...] = ()  #: PEP 508, of PEP 723 metadata; for a "project" its own path, for the resolver to build
    requires_python: str | None = None  #: PEP 440 specifier set


@dataclass(frozen=True)
class Distribution:
    """An installed distribution."""

    name: str
    version: str
    metadata: str  #: bundle path of its directory: ``httpie-3.2.4.dist-info``
    console_scripts: dict[str, str] = field(default_factory=dict)  #: name to ``module:callable``
    script_files: dict[str, Path] = field(default_factory=dict)  #: name to a Python script that its wheel carries as a file
    gui_scripts: dict[str, str] = field(default_factory=dict)  #: as ``console_scripts``


@dataclass(frozen=True)
class File:
    """A file to go into the bundle."""

    path: str  #: in the bundle
    origin: Path  #: where its bytes are
    executable: bool = False
    owner: str = ""  #: name of the distribution; "" for the application's own files
    replaces: bytes | None = None  #: bytes to use in place of those at ``origin``


@dataclass(frozen=True)
class EntryPoint:
    """What runs when the app file is started.

    A callable of a module that runs under its own name; a module or package
    that runs as ``__main__`` (``callable`` is None); or a script that a wheel
    carries as a file (``script`` is its path in the bundle).
    """

    module: str = ""
    callable: str | None = None
    script: str | None = None


@dataclass(frozen=True)
class StartLine:
    """A line of a ``.pth`` or ``.start`` file at the root of the bundle, which a start acts on."""

    file: str
    number: int  #: from 1; 0 says only that the file is there
    text: str  #: an import line, the bundle path of a directory, or an entry point


@dataclass(frozen=True)
class OnDisk:
    """What has a real place while the app runs: paths in the bundle, sorted."""

    names: tuple[str, ...]  #: top-level modules and directories that are imported from there
    directories: tuple[str, ...]  #: all that these have
    files: tuple[str, ...]


@dataclass(frozen=True)
class SourceError:
    """Why a source does not compile."""

    message: str  #: ``invalid syntax``
    line: int | None  #: from 1
    text: str | None  #: the line, stripped


@dataclass(frozen=True)
class Import:
    """An import in a module, as it is written there."""

    name: str  #: "" for ``from . import x``
    level: int  #: leading dots
    names: tuple[str, ...]  #: of ``from``: () for a plain import
    inner: bool = False  #: inside a function, or lazy: it does not run when the module runs


@dataclass(frozen=True)
class Compiled:
    """Bytecode of one source, and facts read from it."""

    code: dict[int, bytes]  #: optimisation level to canonical marshal data
    imports: tuple[Import, ...] = ()
    names_files: bool = False  #: asks where modules are (``__file__`` and the like): may open files next to itself
    starts_children: bool = False  #: mentions ``sys.executable`` and a way to start programs
    error: SourceError | None = None  #: then ``code`` is empty
