"""What can go wrong in a build.

::

    BundlerError                 one line that says what is wrong and where, a hint that says what to do
      UsageError                 options that contradict each other (exit code 2)
      ProjectError               what was pointed at cannot be packaged
      EntryPointError            the entry point does not exist, or there are several
      RequirementError           a requirement cannot be met
      InterpreterError           the Python asked for cannot be used
      CompileError               a source of the application does not compile
      ConflictError              two files claim one place
      OutputError                the output cannot be written

Each carries ``message`` and ``hint``; the cause, where there is one, stays
attached as ``__cause__``.
"""


class BundlerError(Exception):
    """Say what is wrong and, in ``hint``, what to do about it.

    ``message`` is one line without a full stop. ``hint`` is one line or
    ``None``. ``exit_code`` is what the command line exits with.
    """

    exit_code = 1

    def __init__(self, message: str, hint: "str | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BundlerError):
    """Options that contradict each other."""

    exit_code = 2


class ProjectError(BundlerError):
    """What was pointed at cannot be packaged."""


class EntryPointError(BundlerError):
    """The entry point does not exist, or there are several and none was named."""


class RequirementError(BundlerError):
    """A requirement cannot be met."""


class InterpreterError(BundlerError):
    """The Python asked for cannot be used."""


class CompileError(BundlerError):
    """A source of the application does not compile."""


class ConflictError(BundlerError):
    """Two files claim one place in the bundle."""


class OutputError(BundlerError):
    """The output cannot be written."""
