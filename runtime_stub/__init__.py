"""The run side, embedded in every app file: the standard library and nothing else.

What stands flat here is loaded at every start, in one read; what lies in a
sub-package is loaded when it is first needed. In an app file the package goes
by a name that carries the digest of its sources, so that bundles made by
different versions live in one process; hence relative imports only.
"""
