"""Say of an error that code in C may have opened a file of the bundle itself, and found none.

Nothing stands between C code and the operating system, so it is known only
when nobody has caught the error: that speaks of something that cannot be opened,
and of the path of a file in a bundle, or a variable has one where C code was called.
"""

import errno
import os
from opcode import opname

from .. import mounts
from ..overlay.advice import advise

_WORDS = ("open", "load", "no such file", "not a directory", "not found", "exist")
_ENDS = "'\"`\n,;:)]}> "  # where a path in a sentence may end


def explain(error, traceback):
    """Add to ``error`` what helps, if it or what led to it is such an error; ``traceback`` is that of ``error``."""
    seen = set()
    cause = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        path = _file_of(cause, traceback if cause is error else cause.__traceback__)
        if path:
            mount, inside = mounts.locate(path)
            advise(
                error,
                "`%s` is a file of `%s`, which code in C cannot open: build with `--files 'disk=%s'`, "
                "or hand it the path that `importlib.resources.as_file` gives" % (inside, mount.root, inside),
            )
            return
        cause = cause.__cause__ or cause.__context__


def _file_of(error, traceback):
    """Return the path of the file in a bundle that ``error`` is about, or None."""
    if getattr(error, "__notes__", None) or hasattr(error, "bundler_advice"):  # it has been explained
        return None
    text = str(error)
    if isinstance(error, OSError) and isinstance(error.filename, (str, bytes)):
        text = os.fsdecode(error.filename)
    found = _path_in(text)
    said = (text.replace(found, "") if found else text).lower()
    number = error.errno if isinstance(error, OSError) else None
    if number not in (errno.ENOENT, errno.ENOTDIR) and (number or not any(word in said for word in _WORDS)):
        return None
    if found or traceback is None or getattr(error, "filename", None) is not None:
        return found
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code.co_code
    if 0 <= traceback.tb_lasti < len(code) and opname[code[traceback.tb_lasti]] in ("RAISE_VARARGS", "RERAISE"):
        return None
    values = [value for name, value in traceback.tb_frame.f_locals.items() if not name.startswith("__")]
    return next(filter(None, map(_whole, values)), None)


def _path_in(text):
    for root in mounts.by_root:
        at = text.find(root)
        while at >= 0:
            for end in range(at + len(root) + 1, len(text) + 1):
                if (end == len(text) or text[end] in _ENDS) and _is_file(text[at:end]):
                    return text[at:end]
            at = text.find(root, at + 1)
    return None


def _whole(value):
    text = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    return text if isinstance(text, str) and _is_file(text) else None


def _is_file(path):
    place = mounts.locate(path) if path.startswith(mounts.roots) and "\0" not in path else None
    found = place and place[1] and place[0].file(place[1])
    return bool(found) and found[1] is not None and not (place[0].disk is not None and place[0].disk.holds(path))
