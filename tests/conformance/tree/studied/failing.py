"""Functions that fail."""

import functools
import sys
import warnings


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def simple(value=0):
    return 1 / value


def within_a_line(value=None):
    return [1, 2][0] + len({"a": value}["a"]["b"]) + 3


def over_lines(value=None):
    return functools.reduce(
        lambda one, other: one + other,
        [1, 2, None],
        value or 0,
    )


def beyond_ascii():
    größe = {"größe": 1}; return größe["größe"] + größe["日本"]  # noqa


def nested():
    def inner():
        raise KeyError("inner")

    try:
        inner()
    except KeyError:
        simple()


def caused():
    try:
        simple()
    except ZeroDivisionError as error:
        raise LookupError("caused") from error


def silenced():
    try:
        simple()
    except ZeroDivisionError:
        raise LookupError("silenced") from None


def recursive(depth=0):
    if depth > 20:
        simple()
    recursive(depth + 1)


def mutual(depth=0):
    return other(depth)


def other(depth):
    return mutual(depth + 1) if depth < 8 else simple()


def generating():
    yield 1
    raise ValueError("generated")


def through_a_generator():
    return list(generating())


def in_a_comprehension():
    return [simple(number) for number in (1, 0)]


def in_a_lambda():
    return (lambda: simple())()


class Class:
    def method(self):
        return self.computed

    @property
    def computed(self):
        return simple()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        raise RuntimeError("leaving")


def in_a_method():
    return Class().method()


def in_a_context():
    with Class() as found:
        found.method()


def in_a_class_body():
    class Body:
        value = simple()


def grouped():
    errors = []
    for function in (simple, caused, in_a_method):
        try:
            function()
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("together", [errors[0], ExceptionGroup("inner", errors[1:])])  # noqa


def noted():
    error = ValueError("noted")
    error.__notes__ = ["first note", "second\nnote"]
    raise error


def unprintable():
    raise Unprintable


def misnamed():
    return sys.versoin


def unknown():
    return valeu  # noqa


def asserted(value=1):
    assert value == 2, "value is %d" % value


def deleted():
    del deleted_name  # noqa


def exits():
    sys.exit("exit text")


def compiled():
    compile("a b", "<text>", "exec")


def evaluated():
    return eval(compile("1 / 0", "<evaluated>", "eval"))


def importing_broken():
    from . import broken


def importing_unindented():
    from . import unindented


def importing_undecodable():
    from . import undecodable


def importing_absent():
    from . import absent


def importing_raising():
    from . import raising


def warning(category=UserWarning, level=1):
    warnings.warn("warned", category, stacklevel=level)


def warning_here():
    warning()
    warning(level=2)


def warning_of_old():
    warnings.warn("old", DeprecationWarning)


def unhandled():
    (number for number in [1]).throw(ValueError("thrown"))


class Dying:
    def __del__(self):
        simple()


FAILURES = [
    simple, within_a_line, over_lines, beyond_ascii, nested, caused, silenced, recursive, mutual, through_a_generator,
    in_a_comprehension, in_a_lambda, in_a_method, in_a_context, in_a_class_body, noted, unprintable, misnamed, unknown,
    asserted, deleted, exits, compiled, evaluated, importing_broken, importing_unindented, importing_undecodable,
    importing_absent, importing_raising, unhandled,
]  # fmt: skip
if sys.version_info >= (3, 11):
    FAILURES.append(grouped)


def frame():
    return sys._getframe()
