"""Load modules of bytecode alone, which some distributions have in place of sources."""

from _frozen_importlib_external import SourcelessFileLoader

from ..loader import Loader


class SourcelessLoader(Loader):
    """Load a module from its ``.pyc``, as the standard loader does: one of another Python is an ImportError."""

    def get_code(self, fullname=None):
        """Return the module's code object."""
        self._check(fullname)
        self.mount.prepare_for(self.entry.flags)
        return SourcelessFileLoader.get_code(self, fullname or self.name)

    def get_source(self, fullname=None):
        """Return None: there is no source."""
        return None
