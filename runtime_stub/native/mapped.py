"""Map libraries straight from the app file, where the build has left them as they are: nothing is decompressed, next to nothing copied.

glibc opens a file from its first byte on. So it gets a file in memory that has
what it reads and changes itself, and holes for the rest, code and constants,
which are mapped from the app file once it has opened the file. Until then no
initialiser may run: in that file none is named, and they are called here. What
is mapped is checked first, all of it, where the kernel has put it; and what was
checked is what is moved into place.

``bundler/analyse/mapping.py`` has what the plan says, and which libraries have none.
"""

import os
from _io import FileIO
from zlib import crc32

from _ctypes import FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI, CFuncPtr, _SimpleCData, dlsym

from ..layout import MAPPING, PAGE, STORED
from ..variables import tell
from . import ahead, ladder
from .linker import Address, Function, Text, loaded, named, program
from .memory import Impossible, seal
from .pieces import links_of

# <sys/mman.h>, on x86-64 and AArch64
_READ, _EXECUTE, _PRIVATE, _MOVE_THERE, _NOT_NEEDED, _FAILED = 1, 4, 2, 3, 4, (1 << 64) - 1

_POINTER = 8  # only files of 64 bits are mapped

# raises OSError where the C library is another one, with link_maps of its own
dlsym(program, "gnu_get_libc_version")


class _Byte(_SimpleCData):
    _type_ = "c"


class _Initialiser(CFuncPtr):
    # with the GIL, as where the dynamic linker calls it while a module is imported
    _flags_ = FUNCFLAG_CDECL | FUNCFLAG_PYTHONAPI
    _restype_ = None


_mmap, _mremap, _munmap, _mprotect, _madvise = (Function(dlsym(program, name)) for name in ("mmap", "mremap", "munmap", "mprotect", "madvise"))


class Mapping(ahead.Filling):
    """A library that is checked where it is mapped, while the file in memory that the dynamic linker gets is filled."""

    maps = True
    may_not = False  # the dynamic linker may not map code from memory

    def __init__(self, store, name, links, plan):
        """Raise OSError where the app file cannot be mapped so: other bytes stand before it, or no code may be run from there."""
        source = store.source
        offset = source.start + links[0][0]
        end = links[-1][0] + links[-1][1]
        self._length = end - links[0][0]
        whole = sum(link[1] for link in links) == self._length and all(link[4] == STORED for link in links)
        if not whole or offset % PAGE or os.sysconf("SC_PAGE_SIZE") != PAGE or os.fstat(source.descriptor).st_size < source.start + end:
            raise OSError("it does not lie at the beginning of a page")
        self._plan = [line.split() for line in plan.decode("ascii").splitlines()]
        self._copied = [(int(words[1]), int(words[2])) for words in self._plan if words[0] == "copy"]
        super().__init__(store, name, links)
        self.size = sum(length for _, length in self._copied)
        self._address = _mmap(None, Address(self._length), _READ | _EXECUTE, _PRIVATE, source.descriptor, Address(offset))
        if self._address == _FAILED:
            self._address = self._length = 0
            self.close()
            raise OSError("the system does not map code from it")
        self._view = memoryview((_Byte * self._length).from_address(self._address)).cast("B")
        os.ftruncate(self.descriptor, self._length)

    def fill(self, offset, link):
        """Check what lies in a frame, and copy what is to be copied of it."""
        view, end = self._view, offset + link[1]
        if crc32(view[offset:end]) != link[3]:
            raise ValueError("damaged")
        for start, length in self._copied:
            first, last = max(start, offset), min(start + length, end)
            while first < last:
                first += os.pwrite(self.descriptor, view[first:last], first)
        # the pages stay in the system's cache, and whoever touches one gets it back; most are never touched
        _madvise(Address(self._address + offset), Address(link[1]), _NOT_NEEDED)

    def close(self):
        """Give back file and memory; the other thread does not work at them any more then."""
        with self._helping:
            self._rest.clear()
            super().close()
            self._release(0, self._length)
            self._length = 0

    def open(self, name, mode):
        """Have the dynamic linker open the library, put in place what it has not got, and initialise it; return its name from then on.

        Raises OSError with what the linker says, before anything of the library has run.
        """
        try:
            path = ladder.spelt(self.descriptor)
            for _, place, word in self._of("set"):
                os.pwrite(self.descriptor, word.to_bytes(8, "little"), place)
            try:
                library = loaded(path, mode)
            except OSError as error:
                self.may_not = ladder.says_that_it_may_not(str(error), path)
                raise OSError(str(error).replace(path, name)) from None
            base = Address.from_address(library).value or 0
            self._put_into_place(base)
            seal(self.descriptor)
            name = named(library, path, name)
        finally:
            self.close()
        self._initialise(base)
        return name

    def _of(self, *kinds):
        for words in self._plan:
            if words[0] in kinds:
                yield [int(word) if word.isdigit() else word for word in words]

    def _put_into_place(self, base):
        position = 0
        for _, offset, length, address, kind in self._of("map"):
            self._release(position, offset - position)
            position = offset + length
            there = base + address
            moved = _mremap(Address(self._address + offset), Address(length), Address(length), _MOVE_THERE, Address(there))
            if moved != there:  # the system has no room for more mappings: the file in memory takes its place
                while offset < position:
                    offset += os.pwrite(self.descriptor, self._view[offset:position], offset)
                self._release(position - length, length)
            elif kind == "r":
                _mprotect(Address(there), Address(length), _READ)
        self._release(position, self._length - position)
        self._length = 0

    def _release(self, offset, length):
        if length:
            _munmap(Address(self._address + offset), Address(length))

    def _initialise(self, base):
        """Call the initialisers with what the dynamic linker calls them with: the arguments of the process, and its environment."""
        environment = Address.from_address(dlsym(program, "environ"))
        for kind, address, *count in self._of("call", "array"):
            functions = [base + address]
            if kind == "array":  # relocated by now
                functions = [Address.from_address(base + address + _POINTER * number).value for number in range(count[0])]
            for function in functions:
                if function and function != _FAILED:  # as ld.so has it
                    _Initialiser(function)(len(_arguments) - 1, _arguments, environment)


with FileIO("/proc/self/cmdline") as _file:
    _words = _file.readall().split(b"\0")[:-1]
# for good: a library may keep them
_arguments = (Text * (len(_words) + 1))(*_words)


def prepared(store, name, entry, role):
    """Return the Mapping of a native file with a plan, not yet filled; None where it cannot be mapped."""
    links = links_of(store, entry, role)
    try:
        return links and Mapping(store, name, links, store.read(entry, MAPPING))
    except (AttributeError, OSError, Impossible) as error:  # a store elsewhere has no descriptor
        tell("%s: not mapped: %s", name, error)
        return None


def open_library(mount, inside, entry, role, mode):
    """Open a library that has a plan and return the name that the dynamic linker has for it; None where it cannot be mapped.

    Raises OSError with what the dynamic linker says.
    """
    mapping = ahead.filled(mount, inside, entry, role, True)
    if mapping is None:
        return None
    try:
        name = mapping.open(mount.path_of(inside), mode)
    except OSError:
        if mapping.may_not:  # a rung of the ladder has what it may
            return None
        raise
    tell("%s: mapped from the app file", inside)
    return name
