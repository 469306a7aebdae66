"""Make further interpreters of the process (PEP 734) those of the application.

Python gives a new one the first entry of ``sys.path``, so it finds the bundle
as a host would: through doorways, and with what the environment has behind it.
"""

import sys

# no frames are read ahead: the thread would outlive the interpreter
_ENTER = """
def enter(root, runtime, runs_file):
    from zipimport import zipimporter
    loader = zipimporter(root)
    launcher = {"__name__": runtime + ".launcher", "__loader__": loader}
    exec(loader.get_code("__main__"), launcher)
    package, *read = launcher["runtime"](root)
    package.boot.launch(package.boot.mount(root, *read, launching=True), ahead=False)
    if runs_file:
        package.tools.serve_files()
enter(%r, %r, %r)
del enter
"""


def change(module):
    """Have ``create`` of the module ``concurrent.interpreters`` launch the application in what it makes, unless it is a host's."""
    root = getattr(sys, "bundler_file", None)
    original = module.create

    def create():
        interpreter = original()
        # functions of the main module are looked for in what its file makes; a callable's file is the launcher
        main = getattr(sys.modules.get("__main__"), "__file__", root)
        interpreter.exec(_ENTER % (root, __package__.partition(".")[0], main != root))
        return interpreter

    if root is not None:
        create.__doc__, create.__module__, create.__qualname__ = original.__doc__, original.__module__, original.__qualname__
        module.create = create
