"""Package a Python application into one file that any Python runs at once.

The build side. ``bundler build src/ -o app.pyz`` on the command line and
:func:`bundler.build.build` from Python are the same thing.
"""

__version__ = "0.1.0"
