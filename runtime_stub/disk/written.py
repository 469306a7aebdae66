"""Find modules in a directory that is on disk: those of the bundle, and such as were written there since."""

from _frozen_importlib_external import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

from ..finder import Finder


class DiskFinder(Finder):
    """The finder for a path entry below the private directory."""

    def _standard(self):
        return FileFinder(self.path, (SourceFileLoader, SOURCE_SUFFIXES))

    def find_spec(self, fullname, target=None):
        """Return what the bundle has, else what the standard finder has."""
        return super().find_spec(fullname, target) or self._standard().find_spec(fullname, target)

    def iter_modules(self, prefix=""):
        """Return ``(name, is a package)`` for both."""
        from pkgutil import iter_importer_modules

        found = dict(super().iter_modules(prefix))
        for name, package in iter_importer_modules(self._standard(), prefix):
            found.setdefault(name, package)
        return sorted(found.items())
