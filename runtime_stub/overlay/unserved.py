"""Say why a path in a bundle was none to the operating system: the overlay is not there, which answers for it."""

from .. import overlay
from ..mounts import locate
from ..variables import disabled
from .advice import advise


def explain(error):
    """Add to ``error``, a NotADirectoryError that nothing has caught, what helps, where it is about a file of a bundle (PEP 678)."""
    found = locate(error.filename) if isinstance(error.filename, str) else None
    if not found or not found[1] or overlay._installed:
        return
    root = found[0].root
    if not found[0].serves:
        advise(error, "files of `%s` are not served to `open`: it was built with `--files never`" % root)
    elif "overlay" in disabled:
        advise(error, "files of `%s` are not served to `open`: `BUNDLER_DISABLE` names `overlay`" % root)
    else:
        advise(
            error,
            "files of `%s` are served to `open` from the first module on that names `__file__` or the like: none was imported; "
            "build with `--files overlay`, or read them by `importlib.resources`" % root,
        )
