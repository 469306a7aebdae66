"""Run a command in which system calls fail: `python forbidding.py memfd_create=EPERM O_TMPFILE=EOPNOTSUPP -- command`.

By a filter of the kernel's (seccomp), which the command's children inherit.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

# <asm/unistd.h>
NUMBERS = {"x86_64": {"memfd_create": 319, "openat": 257, "mremap": 25}, "aarch64": {"memfd_create": 279, "openat": 56, "mremap": 216}}.get(platform.machine())

# <linux/bpf_common.h>, <linux/seccomp.h>, <linux/prctl.h>
LOAD, EQUAL, SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
FLAGS = 16 + 2 * 8  # the third argument in struct seccomp_data
SET_SECCOMP, FILTER, SET_NO_NEW_PRIVILEGES = 22, 2, 38


def program(forbidden: dict[str, int]) -> bytes:
    """Return the filter's instructions: ``struct sock_filter[]``."""
    made = []
    for name, number in forbidden.items():
        failing = (RETURN, 0, 0, FAIL | number)
        if name == "O_TMPFILE":
            temporary = os.O_TMPFILE & ~os.O_DIRECTORY
            made += [(LOAD, 0, 0, 0), (EQUAL, 0, 3, NUMBERS["openat"]), (LOAD, 0, 0, FLAGS), (SET, 0, 1, temporary), failing]
        else:
            made += [(LOAD, 0, 0, 0), (EQUAL, 0, 1, NUMBERS[name]), failing]
    made.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *each) for each in made)


def forbid(forbidden: dict[str, int]) -> None:
    """Install the filter in this process, for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = ctypes.create_string_buffer(program(forbidden))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    filter = Program((len(code) - 1) // 8, ctypes.addressof(code))
    for call in ((SET_NO_NEW_PRIVILEGES, 1, 0), (SET_SECCOMP, FILTER, ctypes.byref(filter))):
        if libc.prctl(call[0], ctypes.c_ulong(call[1]), call[2] or ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    where = sys.argv.index("--")
    forbid({name: getattr(errno, value) for name, value in (word.split("=") for word in sys.argv[1:where])})
    os.execv(sys.argv[where + 1], sys.argv[where + 1 :])
