"""Code in all its forms."""
# A comment after the docstring.

import abc
import asyncio
import contextlib
import dataclasses
import enum
import functools
import typing


# Comments above a function,
# on two lines.
def plain(first, second=2, *rest, third: int, fourth: "Outer" = None, **more) -> "typing.Optional[Outer.Inner]":
    """Be plain.

        Indented.
    """
    # within
    return first


def decorated(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


def parametrised(*arguments):
    return decorated


@decorated
@parametrised(
    1,
    2,
)
def wrapped(value: int) -> str:
    """Be wrapped."""
    return str(value)


@functools.lru_cache(maxsize=None)
def cached(value):
    return value


@contextlib.contextmanager
def context():
    """Give a context."""
    yield plain


@functools.singledispatch
def dispatched(value):
    return "any"


@dispatched.register(int)
def _dispatched_int(value):
    return "int"


short = lambda value: value + 1
pair = (lambda: 1, lambda: 2)
long = lambda value: (
    value
    + 1
)
in_a_call = sorted([1, 2], key=lambda value: -value) and functools.partial(plain, 1)


def generator():
    """Generate."""
    yield 1
    yield 2


async def coroutine():
    await asyncio.sleep(0)
    return 1


async def asynchronous():
    yield 1


def outer_function():
    seen = []

    def inner_function():
        # closes over seen
        return seen

    class Local:
        def method(self):
            return seen

    return inner_function, Local, lambda: seen


class Base(abc.ABC):
    """The base."""

    @abc.abstractmethod
    def documented(self):
        """Be documented in the base."""

    def inherited(self):
        return 0


# Above a class.
class Outer(Base):
    """An outer class.

    >>> Outer().value
    3
    """

    attribute: "int" = 1

    def __init__(self):
        self.value = 3

    def documented(self):
        return "derived"

    class Inner:
        """An inner class."""

        class Innermost:
            depth = 3

            def method(self):
                return self

        def method(self):
            return 1

    @property
    def computed(self):
        """Compute."""
        return 1

    @computed.setter
    def computed(self, value):
        self.value = value

    @functools.cached_property
    def kept(self):
        return 1

    @staticmethod
    def static(value):
        return value

    @classmethod
    def made(cls):
        return cls()

    short = lambda self: 1


if VERSION if (VERSION := True) else False:

    class Conditional:
        which = 1

else:

    class Conditional:
        which = 2


class Twice:
    which = "first"


class Twice:
    which = "second"

    def method(self):
        return self.which


@dataclasses.dataclass(order=True)
class Record:
    """A record."""

    name: str
    values: "typing.List[int]" = dataclasses.field(default_factory=list)
    other: typing.Optional["Record"] = None

    def total(self):
        return sum(self.values)


class Colour(enum.Enum):
    """Colours."""

    RED = 1
    BLUE = 2

    def describe(self):
        return self.name.lower()


class Meta(type):
    def __call__(cls, *arguments):
        return super().__call__(*arguments)


class WithMeta(metaclass=Meta):
    def method(self):
        return 1


class Exported(typing.NamedTuple):
    """A named tuple."""

    first: int
    second: str = ""

    def both(self):
        return self.first, self.second


made_by_text = {}
exec(compile("def from_text():\n    return 1\n", "<made here>", "exec"), made_by_text)
from_text = made_by_text["from_text"]


def one_line(): return 1
def with_semicolon(): pass; return 2


def with_continuation(first, \
                      second):
    text = """
def not_a_function():
    pass
"""
    return text


# The last comment.
def last():
    return "last"
