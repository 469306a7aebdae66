"""Find the regular expressions that a source compiles, by reading it: nothing of it is run.

What is found need not be what a run compiles: a name that is assigned twice
has its latest value, whatever the scope. A pattern too many costs its place in
a table, and one that is not found is compiled as ever.
"""

import ast
import re

from constants import Constants, Unknown

#: Functions of ``re`` that take a pattern first, with the position of their flags.
FUNCTIONS = {
    "compile": 1,
    "findall": 2,
    "finditer": 2,
    "fullmatch": 2,
    "match": 2,
    "prefixmatch": 2,  # 3.15
    "search": 2,
    "split": 3,
    "sub": 4,
    "subn": 4,
}
MENTION = re.compile(rb"\bre\b")


def literals(source):
    """Return ``(pattern, flags)`` of the calls in ``source``, in their order, each once.

    Understood are literals, names and attributes that were assigned such, flags
    of ``re``, the constants of ``string``, and of these ``+``, ``|``, ``%``,
    f-strings, ``or``, parts, simple comprehensions, ``format``, ``join`` and
    ``re.escape``. A source that does not parse has none.
    """
    if not MENTION.search(source):
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    reader = _Reader()
    reader.read(tree)
    return list(reader.found)


class _Reader:
    """What is known at a place in a source: names for ``re``, for its functions, and for constants."""

    def __init__(self):
        self.found = {}
        self._functions = {}
        self._constants = Constants()

    def read(self, tree):
        """Walk ``tree`` in the order of the source."""
        pending = [tree]
        while pending:
            node = pending.pop()
            kind = type(node)
            if kind is ast.Call:
                self._call(node)
            elif kind is ast.Import:
                self._constants.modules.update(each.asname or each.name for each in node.names if each.name == "re")
            elif kind is ast.ImportFrom:
                self._import_from(node)
            elif kind is tuple:
                self._assign(*node)
                continue
            # what is below an assignment comes before it: it may use the old value
            elif kind is ast.Assign:
                pending += [(target, node.value) for target in node.targets]
            elif kind is ast.AnnAssign and node.value is not None:
                pending.append((node.target, node.value))
            elif kind is ast.AugAssign and type(node.op) is ast.Add:
                pending.append((node.target, ast.BinOp(node.target, node.op, node.value)))
            pending += reversed(_children(node))

    def _import_from(self, node):
        if node.module != "re" or node.level:
            return
        for each in node.names:
            if each.name in FUNCTIONS:
                self._functions[each.asname or each.name] = each.name
            elif each.name.isupper():
                self._constants.import_flag(each.asname or each.name, each.name)

    def _assign(self, target, value):
        name = getattr(target, "id", None) or getattr(target, "attr", None)
        if name is None:
            return
        function = self._function(value)
        if function is not None:
            self._functions[name] = function
            return
        self._constants.assign(name, value)

    def _function(self, node):
        """Return which function of ``re`` an expression is, or None."""
        if type(node) is ast.Name:
            return self._functions.get(node.id)
        if type(node) is ast.Attribute and node.attr in FUNCTIONS and self._constants.is_re(node.value):
            return node.attr
        return None

    def _call(self, node):
        function = self._function(node.func)
        if function is None:
            return
        named = {each.arg: each.value for each in node.keywords}
        arguments = dict(enumerate(node.args))
        pattern = arguments.get(0, named.get("pattern"))
        flags = arguments.get(FUNCTIONS[function], named.get("flags"))
        if pattern is None or None in named or any(type(each) is ast.Starred for each in node.args):
            return
        try:
            pattern = self._constants.value(pattern)
            flags = 0 if flags is None else self._constants.value(flags)
        except (Unknown, RecursionError):
            return
        if type(pattern) in (str, bytes) and type(flags) is int:
            self.found[type(pattern), pattern, flags] = None


def _children(node):
    found = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST)]
    return found
