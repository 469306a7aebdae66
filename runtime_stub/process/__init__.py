"""Other processes: the Python that an app file can be, and children that are started as ``sys.executable``."""
