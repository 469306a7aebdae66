"""Judge conditions by reading them: which branch of an ``if`` runs on the target."""

from __future__ import annotations

import ast
import operator
from typing import Any, NamedTuple

SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}  #: ``platform.system()`` by ``sys.platform``

COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


class Target(NamedTuple):
    """What conditions are judged for."""

    version: tuple[int, int, int]
    platform: str  #: as ``sys.platform``


class _Unknown(Exception):
    """The value cannot be told by reading."""


def holds(test: ast.expr, target: Target) -> bool | None:
    """Return whether ``test`` is true on ``target``; None where that cannot be told.

    Understood are ``TYPE_CHECKING`` (false), constants, ``sys.version_info``
    and ``sys.platform``, ``os.name``, ``platform.system()``, comparisons of
    these, ``not``, ``and`` and ``or``.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        value = holds(test.operand, target)
        return None if value is None else not value
    if isinstance(test, ast.BoolOp):
        decides = isinstance(test.op, ast.Or)
        values = [holds(each, target) for each in test.values]
        if decides in values:
            return decides
        return None if None in values else not decides
    try:
        return bool(_value(test, target))
    except (_Unknown, TypeError, LookupError):
        return None


def _value(node: ast.expr, target: Target) -> Any:
    """Return the value of an expression on ``target``. Raise _Unknown where it cannot be told."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(_value(each, target) for each in node.elts)
    if isinstance(node, ast.Compare):
        return _compared(node, target)
    if isinstance(node, ast.Subscript):
        return _value(node.value, target)[_index(node.slice, target)]
    if isinstance(node, ast.Call):
        return _called(node, target)
    name = ast.unparse(node)
    if name.rpartition(".")[2] == "TYPE_CHECKING":  # of ``typing``, under whatever name
        return False
    known = {
        "sys.version_info": (*target.version, "final", 0),
        "sys.version_info.major": target.version[0],
        "sys.version_info.minor": target.version[1],
        "sys.platform": target.platform,
        "os.name": "nt" if target.platform == "win32" else "posix",
    }
    if name not in known:
        raise _Unknown
    return known[name]


def _compared(node: ast.Compare, target: Target) -> bool:
    left = _value(node.left, target)
    for operation, each in zip(node.ops, node.comparators):
        right = _value(each, target)
        if type(operation) not in COMPARISONS:
            raise _Unknown
        if not COMPARISONS[type(operation)](left, right):
            return False
        left = right
    return True


def _index(node: ast.expr, target: Target) -> Any:
    if not isinstance(node, ast.Slice):
        return _value(node, target)
    return slice(*(each and _value(each, target) for each in (node.lower, node.upper, node.step)))


def _called(node: ast.Call, target: Target) -> Any:
    if isinstance(node.func, ast.Attribute) and not node.keywords:
        if node.func.attr == "startswith" and len(node.args) == 1:
            return str(_value(node.func.value, target)).startswith(_value(node.args[0], target))
        if ast.unparse(node.func) == "platform.system" and target.platform in SYSTEMS:
            return SYSTEMS[target.platform]
    raise _Unknown
