"""Tell the values of expressions by reading: what patterns and flags are built of.

Sources can build values of any size in a few lines: everything is bounded.
"""

import ast
import re
import string

LONGEST = 1 << 15  #: of a text
REPEATS = 10_000  #: that the comprehensions of a source may make in all: nested ones grow fast

# As printf has them, without widths.
_SIMPLE_FORMAT = re.compile(r"(?:[^%]|%(?:\(\w+\))?[srd]|%%)*")
_SIMPLE_FORMAT_BYTES = re.compile(rb"(?:[^%]|%(?:\(\w+\))?[sbd]|%%)*")


class Unknown(Exception):
    """The value cannot be told by reading."""


class Constants:
    """What names and attributes are known to hold, whatever the scope, at a place in a source."""

    def __init__(self):
        self.modules = set()  # names for ``re``
        self._repeats = 0
        self._values = {name: value for name, value in vars(string).items() if type(value) is str and name[0] != "_"}

    def assign(self, name, node):
        """Let ``name`` hold the value of an expression; nothing, if that cannot be told."""
        try:
            self._values[name] = self.value(node)
        except (Unknown, RecursionError):
            self._values.pop(name, None)

    def import_flag(self, name, flag):
        """Let ``name`` hold the flag of ``re`` that is called ``flag``."""
        try:
            self._values[name] = _flag(flag)
        except Unknown:
            pass

    def is_re(self, node):
        """Return whether an expression is the module ``re``."""
        return type(node) is ast.Name and node.id in self.modules

    def value(self, node):
        """Return the value of an expression, which is of plain types. Raise Unknown where it cannot be told."""
        kind = type(node)
        if kind is ast.Constant:
            value = node.value
        elif kind is ast.Name:
            value = self._known(node.id)
        elif kind is ast.Attribute:
            value = _flag(node.attr) if self.is_re(node.value) else self._known(node.attr)
        elif kind in (ast.Tuple, ast.List):
            value = tuple(map(self.value, node.elts))
        elif kind is ast.Dict and None not in node.keys:
            value = {self._plain(key): self._plain(value) for key, value in zip(node.keys, node.values)}
        elif kind is ast.BinOp:
            value = self._operation(node)
        elif kind is ast.JoinedStr:
            value = "".join(map(self._piece, node.values))
        elif kind is ast.Call:
            value = self._called(node)
        elif kind is ast.BoolOp and type(node.op) is ast.Or:
            value = next(filter(None, map(self.value, node.values)), None)
        elif kind is ast.Subscript:
            value = self._part(node)
        elif kind in (ast.ListComp, ast.GeneratorExp) and len(node.generators) == 1:
            value = self._each(node.elt, node.generators[0])
        else:
            raise Unknown
        if isinstance(value, (str, bytes)) and len(value) > LONGEST:
            raise Unknown
        return value

    def _plain(self, node):
        value = self.value(node)
        if type(value) not in (str, bytes, int):
            raise Unknown
        return value

    def _known(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise Unknown from None

    def _operation(self, node):
        left, right = self.value(node.left), self.value(node.right)
        operation = type(node.op)
        try:
            if operation is ast.Add and type(left) is type(right) and type(left) is not int:
                return left + right
            if operation is ast.BitOr and type(left) is type(right) is int:
                return left | right
            if operation is ast.Mod and _is_simple(left) and _is_flat(right):
                return left % right
        except (TypeError, ValueError, KeyError):
            pass
        raise Unknown

    def _part(self, node):
        """Return an element or a slice."""
        try:
            if type(node.slice) is ast.Slice:
                bounds = (node.slice.lower, node.slice.upper, node.slice.step)
                index = slice(*(each and self._signed(each) for each in bounds))
            else:
                index = self._signed(node.slice)
            return self.value(node.value)[index]
        except (TypeError, LookupError, ValueError):
            raise Unknown from None

    def _signed(self, node):
        if type(node) is ast.UnaryOp and type(node.op) is ast.USub and type(node.operand) is ast.Constant:
            return -node.operand.value
        return self.value(node)

    def _each(self, element, generator):
        """Return what a comprehension with one plain ``for`` makes."""
        if type(generator.target) is not ast.Name or generator.ifs or generator.is_async:
            raise Unknown
        values = self.value(generator.iter)
        if type(values) is not tuple:
            raise Unknown
        self._repeats += len(values)
        if self._repeats > REPEATS:
            raise Unknown
        made = []
        for self._values[generator.target.id] in values:
            made.append(self.value(element))
        return tuple(made)

    def _piece(self, node):
        """Return a part of an f-string."""
        if type(node) is not ast.FormattedValue:
            return self.value(node)
        if node.conversion != -1 or node.format_spec is not None:
            raise Unknown
        return str(self._plain(node.value))

    def _called(self, node):
        """Return what ``"".join([...])``, ``"".format(...)`` or ``re.escape("...")`` returns."""
        if type(node.func) is ast.Attribute and node.func.attr == "format":
            return self._formatted(self.value(node.func.value), node)
        if type(node.func) is ast.Attribute and len(node.args) == 1 and not node.keywords:
            if node.func.attr == "escape" and self.is_re(node.func.value):
                argument = self.value(node.args[0])
                if type(argument) in (str, bytes):
                    return re.escape(argument)
            elif node.func.attr == "join":
                between, parts = self.value(node.func.value), self.value(node.args[0])
                if type(between) is str and type(parts) is tuple and all(type(part) is str for part in parts):
                    return between.join(parts)
        raise Unknown

    def _formatted(self, text, node):
        named = {each.arg: self._plain(each.value) for each in node.keywords}
        try:
            fields = list(string.Formatter().parse(text))
            if all(conversion is None and not spec for _, _, spec, conversion in fields):
                if all(name is None or name.isidentifier() or name.isdecimal() or not name for _, name, _, _ in fields):
                    return text.format(*map(self._plain, node.args), **named)
        except (TypeError, ValueError, LookupError):
            pass
        raise Unknown


def _flag(name):
    value = getattr(re, name, None)
    if not isinstance(value, re.RegexFlag):
        raise Unknown
    return int(value)


def _is_simple(text):
    if type(text) is str:
        return _SIMPLE_FORMAT.fullmatch(text)
    return type(text) is bytes and _SIMPLE_FORMAT_BYTES.fullmatch(text)


def _is_flat(value):
    """Return whether ``value`` has no tuples in tuples: they can share parts, and be endless when written out."""
    values = value if type(value) is tuple else value.values() if type(value) is dict else (value,)
    return all(type(each) in (str, bytes, int) for each in values)
