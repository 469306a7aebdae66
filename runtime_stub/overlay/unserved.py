"""Say why a path in a bundle was none to the operating system: the overlay is not there, which answers for it, or was not asked."""

from .. import overlay
from ..mounts import locate
from ..variables import disabled
from .advice import advise


def explain(error, traceback):
    """Add to ``error``, which nothing has caught, what helps, where it is about a file of a bundle that could not be opened (PEP 678)."""
    if overlay._installed:
        try:
            from ..foreign import unseen
        except ModuleNotFoundError:  # there are no files
            return
        unseen.explain(error, traceback)
        return
    found = locate(error.filename) if isinstance(error, NotADirectoryError) and isinstance(error.filename, str) else None
    if not found or not found[1]:
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
