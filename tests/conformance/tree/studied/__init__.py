"""What introspection is tried on.

The second paragraph.
"""

# About the version.
VERSION = "1.0"  #: documented


def first():
    """Return one."""
    return 1


from .forms import Outer  # noqa: E402
