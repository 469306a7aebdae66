"""The loader of extension modules."""

from _frozen_importlib_external import ExtensionFileLoader, _path_split
from _imp import create_dynamic, exec_dynamic

from ..layout import EXTENSION
from ..loader import Loader


class ExtensionLoader(Loader, ExtensionFileLoader):
    """Load an extension module of a bundle; ``get_code`` and ``get_source`` answer None, as the standard one's do."""

    def create_module(self, spec):
        """Create the module from memory."""
        if self.entry.flags:
            # compiled from a source that lies beside it (mypyc, Cython), it does what that says
            self.mount.prepare_for(self.entry.flags)
        if self.mount.disk is not None and self.mount.disk.holds(self.path):
            return create_dynamic(spec)
        from .libraries import create_extension

        inside = (self.directory + "/" if self.directory else "") + _path_split(self.path)[1]
        module = create_extension(self.mount, inside, self.entry, EXTENSION, spec.name)
        # a single-phase module takes its file name from the dynamic linker
        module.__file__ = self.path
        return module

    def exec_module(self, module):
        """Run the second phase of the module's initialisation (PEP 489)."""
        exec_dynamic(module)

    def get_code(self, fullname=None):
        """Return None: an extension module has no bytecode."""
        self._check(fullname)
        return None

    def get_source(self, fullname=None):
        """Return None: an extension module has no source."""
        self._check(fullname)
        return None
