"""Examples to try.

>>> 1 + 1
2
>>> twice(2)
4
"""


def twice(value):
    """Return twice ``value``.

    >>> twice(3)
    6
    >>> twice(None)
    Traceback (most recent call last):
        ...
    TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'
    """
    return value * 2


class Examples:
    """
    >>> Examples().method()
    1
    """

    def method(self):
        """
        >>> Examples().method() + 1
        3
        """
        return 1

    @property
    def computed(self):
        """
        >>> 1 / 0
        2
        """
        return 1


__test__ = {"named": """
>>> 'a' + 'b'
'ab'
"""}
