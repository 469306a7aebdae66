"""Raises when it is imported."""


def deeper():
    raise LookupError("raised on import")


deeper()
