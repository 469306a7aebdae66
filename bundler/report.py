"""What a build tells whoever started it: stages, progress, warnings. This one keeps silent; the command line's prints."""

from __future__ import annotations


class Report:
    """Hear of a build. Override what is of interest."""

    def stage(self, name: str) -> None:
        """A stage begins: ``compiling``."""

    def progress(self, done: int, total: int) -> None:
        """So much of the stage is done, in units of its own."""

    def detail(self, text: str) -> None:
        """Something that only the curious want: a line of the resolver's, a decision and its reason."""

    def warn(self, text: str, hint: str | None = None) -> None:
        """Something that the user can act on."""

    def done(self) -> None:
        """The last stage has ended, well or not."""
