"""Platform tags: what they say, which wheels they take, and what others call the same platform.

The tags are those of "Platform compatibility tags" of the packaging
specifications (PEP 425, 600, 656). Everything here is worked out from the tag
alone, so it can be said of a platform that is not at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from packaging import tags

_LEGACY = {"manylinux1": "manylinux_2_5", "manylinux2010": "manylinux_2_12", "manylinux2014": "manylinux_2_17"}
_OLDEST_GLIBC = {"x86_64": 5, "i686": 5}
_TAG = re.compile(r"(manylinux|musllinux|macosx)_(\d+)_(\d+)_(\w+)|(linux)_(\w+)|win_?(32|amd64|arm64)")
_TRIPLETS = {"i686": "i386-linux-gnu", "armv7l": "arm-linux-gnueabihf", "ppc64le": "powerpc64le-linux-gnu"}
_WINDOWS = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64"}  # platform.machine()

#: glibc versions that uv has a name for.
_UV_GLIBC = (17, 28, *range(31, 41))
_UV_WINDOWS = {"win32": "i686", "win_amd64": "x86_64", "win_arm64": "aarch64"}


@dataclass(frozen=True)
class Platform:
    """What a platform tag says."""

    tag: str  #: in its newer spelling: ``manylinux_2_17_x86_64``
    kind: str  #: ``manylinux``, ``musllinux``, ``linux`` (of whatever C library), ``macosx`` or ``win``
    version: tuple[int, int]  #: the least one of the C library or of macOS; (0, 0) for the others
    machine: str  #: as the tag has it

    @property
    def system(self) -> str:
        """``sys.platform``."""
        return {"macosx": "darwin", "win": "win32"}.get(self.kind, "linux")

    @cached_property
    def wheels(self) -> tuple[str, ...]:
        """The platform tags of the wheels that it takes, the best first."""
        major, minor = self.version
        if self.kind == "manylinux":
            names = []
            for each in range(minor, _OLDEST_GLIBC.get(self.machine, 17) - 1, -1):
                newer = "manylinux_%d_%d" % (major, each)
                names += [newer, *(old for old, new in _LEGACY.items() if new == newer)]
        elif self.kind == "musllinux":
            names = ["musllinux_%d_%d" % (major, each) for each in range(minor, -1, -1)]
        elif self.kind == "macosx":
            return tuple(tags.mac_platforms(self.version, self.machine))
        elif self.kind == "linux":  # this machine's, whose C library is at hand
            return tuple(tags.platform_tags())
        else:
            return (self.tag,)
        return tuple("%s_%s" % (name, self.machine) for name in (*names, "linux"))

    def suffixes(self, version: tuple[int, int], flags: str = "") -> tuple[str, ...]:
        """Return the suffixes of extension modules that Python ``version`` with the ABI ``flags`` loads there, in its order."""
        number = "%d%d" % version
        if self.kind == "win":
            return ("%s.cp%s-%s.pyd" % ("_d" if "d" in flags else "", number + flags.replace("d", ""), self.tag), ".pyd")
        stems = [".cpython-" + number + flags]
        if "d" in flags:
            stems.append(".cpython-" + number + flags.replace("d", ""))
        triplets = ["darwin"] if self.kind == "macosx" else self._triplets()
        stable = [".abi3.so"] if "t" not in flags else []
        if version >= (3, 15):
            stable.append(".abi3t.so")
        found = ["%s-%s.so" % (stem, triplet) for stem in stems for triplet in triplets]
        if version >= (3, 14):
            stable += ["%s-%s.so" % (each.removesuffix(".so"), triplet) for each in stable for triplet in triplets]
        return (*found, *stable, ".so")

    def _triplets(self) -> list[str]:
        gnu = _TRIPLETS.get(self.machine, self.machine + "-linux-gnu")
        # modules for musl carry the name of glibc's where Python 3.9 made them
        return [gnu.replace("-gnu", "-musl"), gnu] if self.kind == "musllinux" else [gnu]

    def markers(self, version: tuple[int, int]) -> dict[str, str]:
        """Return the environment that markers are judged in (PEP 508) for CPython ``version`` there.

        Not known are release and version of the system, and the last number of Python's.
        """
        full = "%d.%d.0" % version
        machine = _WINDOWS.get(self.tag, self.machine)
        return {
            "implementation_name": "cpython",
            "implementation_version": full,
            "os_name": "nt" if self.kind == "win" else "posix",
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": {"macosx": "Darwin", "win": "Windows"}.get(self.kind, "Linux"),
            "platform_version": "",
            "python_full_version": full,
            "python_version": "%d.%d" % version,
            "sys_platform": self.system,
        }

    def for_uv(self) -> tuple[str, dict[str, str]] | None:
        """Return what uv calls it, and the variables that go with that; None if uv has no name that means the same."""
        if self.kind == "win":
            return "%s-pc-windows-msvc" % _UV_WINDOWS[self.tag], {}
        if self.kind == "macosx" and self.machine in ("arm64", "x86_64"):
            machine = {"arm64": "aarch64"}.get(self.machine, self.machine)
            return machine + "-apple-darwin", {"MACOSX_DEPLOYMENT_TARGET": "%d.%d" % self.version}
        if self.machine not in ("x86_64", "aarch64"):
            return None
        if self.kind == "musllinux" and self.version == (1, 2):
            return self.machine + "-unknown-linux-musl", {}
        least = [minor for minor in _UV_GLIBC if (2, minor) <= self.version]
        if self.kind == "manylinux" and least:
            # a wheel for a glibc between two of uv's is not found, but none that is found asks for too new a one
            return "%s-manylinux_2_%d" % (self.machine, least[-1]), {}
        return None


def parse(tag: str) -> Platform | None:
    """Return what the platform tag ``tag`` says; None if it is none, or names several machines (``universal2``)."""
    for old, new in _LEGACY.items():
        if tag.startswith(old + "_"):
            tag = new + tag.removeprefix(old)
    matched = _TAG.fullmatch(tag)
    if not matched:
        return None
    if matched[7]:
        return Platform(tag, "win", (0, 0), matched[7])
    kind, machine = matched[1] or matched[5], matched[4] or matched[6]
    if kind == "macosx" and machine not in ("arm64", "x86_64"):
        return None
    return Platform(tag, kind, (int(matched[2] or 0), int(matched[3] or 0)), machine)


def of_python(name: str) -> Platform:
    """Return the platform that ``sysconfig.get_platform()`` calls ``name``, such as ``linux-x86_64`` or ``macosx-11.0-arm64``."""
    tag = re.sub(r"[-.]", "_", name)
    machine = tag.rpartition("_")[2] if not tag.endswith("x86_64") else "x86_64"
    return parse(tag) or Platform(tag, "macosx" if tag.startswith("macosx") else "other", (0, 0), machine)
