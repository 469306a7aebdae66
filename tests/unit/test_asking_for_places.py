"""A module is marked as one that may open files next to itself if it asks where modules are."""

from __future__ import annotations

import pytest
from known_targets import TARGETS

from bundler.compiler import compile_sources

MARKED = [
    "x = __file__",
    "def f(m):\n  return m.__path__",
    "x = globals()['__file__']",
    "for name in ('__file__', '__path__'):\n  getattr(m, name)",
    "import inspect; inspect.getfile(x)",
    "import inspect; inspect.getframeinfo(f).filename",
    "import inspect\ndef f(): return inspect.stack()[1].filename",
    "from importlib.util import find_spec\nx = find_spec('a').origin",
    "x = __spec__.origin",
    "x = __spec__.submodule_search_locations[0]",
    "import pkgutil; x = pkgutil.get_loader('a').get_filename()",
    "x = __loader__.path",
    "from inspect import stack\ndef f(): return stack()[1].filename",
    "from importlib.metadata import distribution\nx = str(distribution('a').locate_file('b'))",
    "from importlib.metadata import distribution\nx = [each.locate() for each in distribution('a').files]",
    "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\nx = open(__path__[0] + '/x')",
    "from importlib.machinery import SourceFileLoader\nclass Loader(SourceFileLoader): pass",
    "from a import __file__",
    "__file__ = __file__.lower()",
    "del x.__file__.y",
]
PLAIN = [
    "'''About __file__ and __path__.'''",
    "'__file__ and more'",
    "__path__ = []",
    "m.__file__ = 'x'",
    "del m.__file__",
    "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)",
    "__path__ = __import__('pkgutil').extend_path(__path__, __name__)",
    "from pkgutil import iter_modules\nfor each in iter_modules(__path__, 'x.'): pass",
    "WORDS = ('__all__', '__class__', '__dict__', '__doc__', '__file__', '__func__', '__globals__', '__init__', '__name__')",
    "import pkgutil; x = pkgutil.get_data('a', 'b')",
    "def f(request): return request.get_data(), request.origin, request.path",
    "def f(message): return message.get_filename()",
    "class Parser:\n  def f(self): return self.stack, self.filename",
]


@pytest.mark.parametrize("interpreter", TARGETS, ids=lambda each: each.minor)
@pytest.mark.parametrize(("sources", "expected"), [(MARKED, True), (PLAIN, False)], ids=["marked", "plain"])
def test_module_that_asks_for_places_is_marked(interpreter, sources, expected):
    compiled = compile_sources(interpreter, [("%d.py" % number, source.encode()) for number, source in enumerate(sources)], [0], workers=1)
    wrong = [source for source, each in zip(sources, compiled.values(), strict=True) if each.error or each.names_files is not expected]
    assert wrong == []
