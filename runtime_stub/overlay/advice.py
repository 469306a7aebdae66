"""Tell with an error what would help."""


def advise(error, text):
    """Add ``text`` to what is shown of ``error`` (PEP 678); before 3.11 only where nothing catches it."""
    if hasattr(error, "add_note"):
        error.add_note(text)
    else:
        error.bundler_advice = text
