"""Hand files of a bundle to what opens paths itself: libraries in C, and other programs.

Each function that the table names takes paths. One that leads into a bundle is
replaced by a path that everyone can open: of a file in memory, or of a copy
where that will not do. Loaded when one of the modules is imported while the
overlay is in place.
"""

from . import libraries, programs

#: Module, what does the change, what is changed, and why.
CHANGES = (
    ("ssl", libraries.change_ssl, "`SSLContext.load_verify_locations`, `load_cert_chain`", "OpenSSL opens certificates itself"),
    ("sqlite3", libraries.change_sqlite3, "`connect`", "SQLite opens databases itself: it is given a copy in memory, read-only"),
    ("ctypes", libraries.change_ctypes, "`CDLL` and its kin", "the dynamic linker opens libraries itself"),
    ("subprocess", programs.change_subprocess, "`Popen`", "a program, and files that are named to it, are opened in another process"),
)


def change(module):
    """Change ``module`` as the table says."""
    for name, function, _, _ in CHANGES:
        if name == module.__name__:
            function(module)
