"""Ask a Python what it is, and choose the one to build for.

The interpreter decides which wheels are taken and which bytecode is made; the
``#!`` line decides what starts the file later. Usually they are one choice.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bundler.errors import InterpreterError
from bundler.stages import Interpreter
from bundler.standard_library import ADDED_AFTER_39, NAMES

OLDEST = (3, 9)
DEFAULT_SHEBANG = "/usr/bin/env python3"
#: Linux before 5.1 reads 128 bytes of the line, ``#!`` and the end of line included.
LONGEST_SHEBANG = 127 - len("#!")

#: Runs on Python 2.7 as well: what it prints there is refused by version, not as gibberish.
_PROGRAM = """
import sys
known = {"version": list(sys.version_info[:3]), "implementation": sys.version.find("PyPy") < 0 and "cpython" or "pypy"}
if sys.version_info >= (3, 9):
    import importlib.machinery, importlib.util, sysconfig
    known.update(
        implementation=sys.implementation.name,
        executable=sys.executable,
        build=sys.version,
        cache_tag=sys.implementation.cache_tag,
        magic=importlib.util.MAGIC_NUMBER.hex(),
        extension_suffixes=importlib.machinery.EXTENSION_SUFFIXES,
        platform=sysconfig.get_platform(),
        standard_library=sorted(getattr(sys, "stdlib_module_names", ())),
        flags=("free-threading" in sys.version) * "t" + hasattr(sys, "gettotalrefcount") * "d",
    )
import json
sys.stdout.write(json.dumps(known))
"""


class _NotRunnable(InterpreterError):
    """It did not start, or it did not answer as a Python does."""


def describe(executable: str) -> Interpreter:
    """Run ``executable`` once and return what it says about itself.

    It is run isolated and without ``site``, so nothing of its environment is
    executed. Raise :class:`InterpreterError` if it cannot be run, is not
    CPython, or is older than :data:`OLDEST`.
    """
    known = _ask(executable)
    version = tuple(known["version"])
    if version < OLDEST:
        raise InterpreterError(
            f"`{executable}` is Python {version[0]}.{version[1]}, and bundles run on 3.9 or later",
            hint="name a newer one with `-p`",
        )
    if known["implementation"] != "cpython":
        raise InterpreterError(
            f"`{executable}` is {known['implementation']}, and bytecode can be made for CPython only",
            hint="name a CPython with `-p`",
        )
    return Interpreter(
        executable=known["executable"] or str(Path(executable).absolute()),
        version=version,  # type: ignore[arg-type]
        build=known["build"],
        cache_tag=known["cache_tag"],
        magic=bytes.fromhex(known["magic"]),
        extension_suffixes=tuple(known["extension_suffixes"]),
        platform=known["platform"],
        # Python 3.9 does not know its own names.
        standard_library=frozenset(known["standard_library"]) or NAMES - ADDED_AFTER_39,
        flags=known["flags"],
    )


def choose(wanted: str | None) -> tuple[str, Interpreter, str | None]:
    """Return the shebang (without ``#!``), the interpreter to build for, and a warning.

    ``wanted`` is a version (``3.12``), a command (``python3.12``), an absolute
    path, ``/usr/bin/env COMMAND``, or None for whatever ``python3`` is where
    the file is started. If it cannot be run here, the shebang stays as wanted,
    the interpreter is the running one and the warning says so; otherwise the
    warning is None. Raise :class:`InterpreterError` if no ``#!`` line can say
    what is wanted, or if it runs and is unfit.
    """
    if wanted is None:
        return DEFAULT_SHEBANG, describe(sys.executable), None
    shebang, command = _read(wanted)
    try:
        found = shutil.which(command)
        if found is None:
            raise _NotRunnable(f"`{command}` is not on PATH" if "/" not in command else f"`{command}` does not exist")
        return shebang, describe(found), None
    except _NotRunnable as error:
        running = describe(sys.executable)
        if command in (f"python{running.minor}", f"python{running.version[0]}"):
            return shebang, running, None
        return (
            shebang,
            running,
            f"{error.message}: dependencies and bytecode are for Python {running.minor}, which runs here",
        )


def _read(wanted: str) -> tuple[str, str]:
    """Return the shebang that ``wanted`` stands for, and the command to run here."""
    text = wanted.strip(" \t")
    if text.startswith("#!"):
        text = text[2:].lstrip(" \t")
    if not text or not text.isprintable():
        raise InterpreterError(
            f"`{text!a}` cannot stand on a `#!` line", hint="name a version, a command or an absolute path"
        )
    if re.fullmatch(r"\d+(\.\d+)?", text):
        text = f"python{text}"
    if re.fullmatch(r"\d+\.\d+\.\S+", text):
        major, minor = text.split(".")[:2]
        raise InterpreterError(
            f"no command is called `python{text}`", hint=f"name it as `{major}.{minor}`, or give its absolute path"
        )
    words = text.split()
    if words[0] == "/usr/bin/env" and len(words) > 1:
        command = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        if not command or (len(words) > 2 and words[1] != "-S"):
            raise InterpreterError(
                f"`{text}` gives `env` more than one word", hint="write `/usr/bin/env -S python3 ...`"
            )
        shebang = text
    elif len(words) > 1:
        raise InterpreterError(
            f"a `#!` line cannot name `{text}`: it ends at the first space",
            hint="use a path without spaces, or a command that is found on PATH, such as `python3`",
        )
    elif text.startswith("/") or Path(text).is_absolute():
        shebang = command = text
    elif "/" in text or "\\" in text:
        raise InterpreterError(
            f"`{text}` means another file in every directory", hint=f"give the absolute path: `{Path(text).absolute()}`"
        )
    else:
        shebang, command = f"/usr/bin/env {text}", text
    if len(shebang.encode()) > LONGEST_SHEBANG:
        raise InterpreterError(
            f"the `#!` line would have {len(shebang.encode()) + 2} bytes, and Linux may read only {LONGEST_SHEBANG + 2}",
            hint="use a shorter path, or a command that is found on PATH, such as `python3`",
        )
    return shebang, command


def _ask(executable: str) -> dict:
    # -I is unknown to Python 2: it is asked again without, to be told its version.
    for options in (["-I", "-S"], ["-S"]):
        try:
            done = subprocess.run(
                [executable, *options, "-c", _PROGRAM], stdin=subprocess.DEVNULL, capture_output=True, timeout=60
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            reason = getattr(error, "strerror", None) or "it does not answer"
            raise _NotRunnable(f"`{executable}` cannot be run: {reason}") from error
        try:
            known = json.loads(done.stdout)
        except ValueError:
            known = None
        if done.returncode == 0 and isinstance(known, dict) and "version" in known:
            return known
    raise _NotRunnable(f"`{executable}` does not run as a Python")
