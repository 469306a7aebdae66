"""Compile regular expressions to what ``_sre.compile`` is given for them."""

import _sre
import marshal
import re
import sys
import warnings

try:
    from re import _compiler as compiler
except ImportError:  # before 3.11
    import sre_compile as compiler

TEMPLATE = 1  #: gone since 3.13
LEFT_OUT = TEMPLATE | int(re.DEBUG) | int(re.LOCALE)


def key():
    """Return what an interpreter must agree in to use the codes, as one word.

    IGNORECASE follows the Unicode tables, so the version of Python is part of
    it; bitmaps of large character sets are written as the machine writes numbers.
    """
    return "%d.%d-%d-%d-%s" % (*sys.version_info[:2], _sre.MAGIC, _sre.CODESIZE, sys.byteorder)


def compiled(pattern, flags):
    """Return marshal data of what ``_sre.compile`` is given after the pattern, its codes as an array of bytes.

    None where a table must not answer: for what fails, warns, prints
    (``re.DEBUG``) or asks for the locale.
    """
    if flags & LEFT_OUT:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiler._sre = recorder = _Recorder()
        try:
            answer = compiler.compile(pattern, flags)
        except (re.error, ValueError, TypeError, Warning, OverflowError, RecursionError, MemoryError):
            return None
        finally:
            compiler._sre = _sre
    _, all_flags, codes, groups, groupindex, indexgroup = recorder.arguments
    if answer.flags & LEFT_OUT:
        return None
    # the codes are of subclasses of int, which neither marshal nor bytes may see
    packed = b"".join([int(code).to_bytes(_sre.CODESIZE, sys.byteorder) for code in codes])
    # version 0 has no mark for interned strings: the same bytes whatever the process did before
    return marshal.dumps((int(all_flags), packed, groups, dict(groupindex), tuple(indexgroup)), 0)


class _Recorder:
    """``_sre`` in the place where the compiler looks for it, which keeps the arguments of ``compile``."""

    arguments = None

    def __getattr__(self, name):
        return getattr(_sre, name)

    def compile(self, *arguments):
        """Compile, and keep the arguments."""
        self.arguments = arguments
        return _sre.compile(*arguments)
