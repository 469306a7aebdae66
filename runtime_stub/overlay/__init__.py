"""Let code that opens files next to itself find them in the bundle.

``open(os.path.join(os.path.dirname(__file__), "schema.json"))`` names a path
inside the app file. Installed once a module that may do so is about to run,
the overlay answers for such paths as a read-only directory tree would, and
passes every other path on untouched.
"""

from .wrapped import install

__all__ = ["install"]
