"""Choose the target for this Python and platform, as ``packaging.tags`` would choose a wheel.

The build has worked out what each target is for and what its files demand
(docs/FORMAT.md, section 8); here these tags are compared with what the
interpreter says of itself. No module is imported for it, and nothing is run.
An app that has one target, of pure Python, does without.
"""

import os
import sys

_32_BIT = {"x86_64": "i686", "aarch64": "armv7l", "armv8l": "armv7l"}


def own_python():
    """Return this interpreter's ABI tag: ``cp313``, ``cp313t`` for a free-threaded build, ``cp313d`` for a debug build."""
    name = sys.implementation.name
    flags = ("t" if "free-threading" in sys.version else "") + ("d" if hasattr(sys, "gettotalrefcount") else "")
    return "%s%d%d%s" % ({"cpython": "cp", "pypy": "pp"}.get(name, name), *sys.version_info[:2], flags)


def own_platform():
    """Return ``(kind, version, machine)`` as platform tags have them: ``("manylinux", (2, 36), "x86_64")``."""
    if sys.platform == "win32":
        # as sysconfig tells them apart
        text = sys.version.lower()
        return "win", (0, 0), "amd64" if "amd64" in text else "arm64" if "(arm64)" in text else "32"
    system = os.uname()
    machine = system.machine
    if sys.platform == "darwin":
        # Darwin 20 is macOS 11, 25 is macOS 26; those before were 10.something
        number = int(system.release.partition(".")[0])
        return "macosx", (number + 1, 0) if number >= 25 else (number - 9, 0) if number >= 20 else (10, number - 4), machine
    if not sys.platform.startswith("linux"):
        return sys.platform, (0, 0), machine
    if sys.maxsize < 1 << 32:
        machine = _32_BIT.get(machine, machine)
    try:
        major, minor = os.confstr("CS_GNU_LIBC_VERSION").partition(" ")[2].split(".")[:2]
        return "manylinux", (int(major), int(minor)), machine
    except (AttributeError, OSError, ValueError):
        # musl has no such name and tells its version to nobody: 1.2 is of 2020
        return "musllinux", (1, 2), machine


def takes_platform(tag, own):
    """Return whether a platform that is ``own`` takes what has the platform tag ``tag``."""
    if tag == "any":
        return True
    kind, version, machine = own
    word, _, rest = tag.partition("_")
    if word == "linux":
        return kind in ("manylinux", "musllinux") and rest == machine
    if word in ("manylinux", "musllinux", "macosx"):
        major, minor, rest = rest.split("_", 2)
        return word == kind and rest == machine and (int(major), int(minor)) <= version
    return word.startswith("win") and kind == "win" and (rest or word[3:]) == machine


def takes_python(python, abi, own):
    """Return whether the interpreter with the ABI tag ``own`` takes what has the tags ``python`` and ``abi``."""
    release = own.replace("d", "")  # debug builds load what others load
    if abi == "none":
        return python == "py3" or python == release.replace("t", "")
    if abi in ("abi3", "abi3t"):
        return own[:2] == "cp" and ("t" in own) == (abi == "abi3t") and _minor(python) <= _minor(own)
    return abi == own or abi == release


def choose(targets, python=None, platform=None):
    """Return the place of the target to use among ``targets``, pairs of a name and the tag of what it demands; -1 for none.

    The one for exactly this interpreter; else, among those whose demands it
    meets, one for this platform before others, and the newest for a Python no
    newer than this one before those for newer ones. ``python`` and
    ``platform`` are what :func:`own_python` and :func:`own_platform` return.
    """
    python = python or own_python()
    platform = platform or own_platform()
    exact = python + "-"
    for place, (name, demands) in enumerate(targets):
        if name.startswith(exact) and takes_platform(name[len(exact) :], platform) and _meets(demands, python, platform):
            return place
    ranks = []
    for place, (name, demands) in enumerate(targets):
        if _meets(demands, python, platform):
            tag, _, where = name.partition("-")
            behind = _minor(python) - _minor(tag)
            ranks.append((not takes_platform(where, platform), behind < 0, abs(behind), place))
    return min(ranks)[-1] if ranks else -1


def _minor(tag):
    """Return 13 for ``cp313t``."""
    return int(tag.strip("abcdefghijklmnopqrstuvwxyz")[1:])


def _meets(demands, python, platform):
    tag, abi, where = demands.split("-")
    return takes_python(tag, abi, python) and takes_platform(where, platform)


def nothing_for(targets):
    """Return a sentence that says what this interpreter is, what the file with ``targets`` is for, and what would add this."""
    python, (kind, version, machine) = own_python(), own_platform()
    library = {"manylinux": "Linux with glibc %d.%d" % version, "musllinux": "Linux with musl", "macosx": "macOS %d.%d" % version}
    names = [name for name, _ in targets]
    if len(names) > 6:
        names[5:] = ["%d more" % (len(names) - 5)]
    text = "holds nothing for %s on %s, %s: it is for %s" % (
        python.replace("cp3", "Python 3."),
        library.get(kind, "Windows" if kind == "win" else kind),
        machine,
        ", ".join(names),
    )
    if python[:2] == "cp" and kind in library:
        text += "; `--target %s-%s_%d_%d_%s` adds it" % (python, kind, *version, machine)
    return text
