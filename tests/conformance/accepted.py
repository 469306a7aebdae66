"""The differences between a bundle and a directory that are accepted, each with its reason.

An observation is named ``topic.what``, where it is a mapping ``topic.what.key``;
``*`` stands for anything, as in file names. docs/compatibility.md lists these.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from interpreters import VERSIONS

LAUNCHED = "launched"  #: started by its launcher
DOORWAY = "doorway"  #: on ``sys.path``, entered through a doorway


@dataclass(frozen=True)
class Difference:
    """An accepted difference: of these observations, in these ways in, on these Pythons."""

    observation: str
    reason: str
    ways: tuple[str, ...] = (LAUNCHED, DOORWAY)
    versions: tuple[str, ...] = VERSIONS

    def covers(self, observation: str, way: str, version: str) -> bool:
        """Tell whether this is the difference at hand."""
        return way in self.ways and version in self.versions and fnmatchcase(observation, self.observation)


ACCEPTED: tuple[Difference, ...] = (
    # resources
    Difference(
        "resources_paths.repr_of_a_path",
        "a path in a bundle is of a subclass of `PosixPath`, and its `repr` says so: `BundlePath('...')`",
    ),
    Difference(
        "resources_paths.paths.*.glob('',)",
        "the text of this error has the `repr` of a path in it",
        versions=("3.13",),
    ),
    # protocol
    Difference(
        "protocol_paths.vendored_packages_by.up_and_down_*",
        "`..` is taken out of a path in a bundle by its text, as `os.path.normpath` does: what it leads up from need not exist",
    ),
    Difference(
        "protocol_paths.bytecode_of_what_the_standard_loader_compiled",
        "an app file is never written to, and the bytecode that Python caches beside a source would be",
    ),
    Difference(
        "protocol_executing.hints_of_attribute_errors",
        "Python gives the hint to rename a module for what lies beside the program, which is a command here, and a directory there",
        ways=(DOORWAY,),
        versions=("3.13", "3.14", "3.15"),
    ),
    Difference("protocol_paths.zip_importer", "an app file is a zip file, so `zipimport` opens it where it would refuse a directory"),
    # metadata
    Difference(
        "metadata.texts.flat.../oddity.py",
        "`..` is taken out of a path in a bundle by its text: in a directory this one leads through a file",
    ),
    # introspection
    Difference(
        "introspection.lines_of_what_is_no_module.undecodable.py",
        "on 3.9 `linecache` raises SyntaxError for a file that is not in its encoding; a bundle has no lines for it, as later Pythons",
        versions=("3.9",),
    ),
    *(
        Difference(
            "introspection_tracebacks.%s" % what,
            "what prints an uncaught exception is C code, which looks for source lines in files only. An app that its launcher started"
            " has it printed by `traceback`; as a library a bundle leaves the hooks of its host alone",
            ways=(DOORWAY,),
            versions=("3.9", "3.10", "3.11", "3.12"),
        )
        for what in (
            "other_processes.uncaught",
            "other_processes.chained",
            "other_processes.in a loop",
            "other_processes.in a thread",
            "other_processes.raises on import",
            "other_processes.warns in error",
            "other_processes.pages",
            "main_modules.studied fail",
            "main_modules.studied.raising",
        )
    ),
    Difference(
        "introspection_tracebacks.other_processes.unraisable",
        "the same of exceptions that cannot be raised, as in `__del__`: C code prints them up to 3.14",
        ways=(DOORWAY,),
        versions=("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"),
    ),
    *(
        Difference(
            "introspection_tools.programs.%s" % what,
            "another Python that is told a path of the bundle has not entered it: it is given the file in memory, which is named otherwise,"
            " and cannot be given a directory. In a launched app and with `BUNDLER_INTERPRETER` the path itself is good",
            ways=(DOORWAY,),
        )
        for what in ("tests, discovered by path", "examples", "examples in a file", "tabs", "disassembly")
    ),
)
