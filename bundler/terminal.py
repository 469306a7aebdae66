"""Show a build's progress on a terminal: each stage that takes more than a second."""

from __future__ import annotations

import threading
import time
from typing import TextIO

import click

from bundler.report import Report

DELAY = 1.0  #: seconds that a stage may take before it is shown
INTERVAL = 0.1


class TerminalReport(Report):
    """Print to ``stream``: warnings always, details if ``verbose``, progress if it is a terminal."""

    def __init__(self, stream: TextIO, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose
        self._live = stream.isatty()
        self._lock = threading.Lock()
        self._name: str | None = None
        self._since = 0.0
        self._amount = (0, 0)
        self._shown = False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def stage(self, name: str) -> None:
        with self._lock:
            self._clear()
            self._name, self._since, self._amount = name, time.monotonic(), (0, 0)
        if self._verbose:
            self._print("stage: " + name)
        if self._live and self._thread is None:
            self._thread = threading.Thread(target=self._draw_on, daemon=True)
            self._thread.start()

    def progress(self, done: int, total: int) -> None:
        self._amount = (done, total)

    def detail(self, text: str) -> None:
        if self._verbose:
            self._print(text)

    def warn(self, text: str, hint: str | None = None) -> None:
        self._print("%s %s" % (click.style("warning:", fg="yellow", bold=True), text))
        if hint:
            self._print("  %s %s" % (click.style("hint:", fg="cyan", bold=True), hint))

    def done(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._lock:
            self._clear()
            self._name = None

    def _print(self, text: str) -> None:
        with self._lock:
            self._clear()
            click.echo(text, file=self._stream)

    def _draw_on(self) -> None:
        while not self._ended.wait(INTERVAL):
            with self._lock:
                if self._name is not None and time.monotonic() - self._since >= DELAY:
                    self._draw()

    def _draw(self) -> None:
        done, total = self._amount
        width = 20
        bar = ""
        if total:
            filled = width * done // total
            bar = " [%s%s] %3d%%" % ("#" * filled, "." * (width - filled), 100 * done // total)
        seconds = time.monotonic() - self._since
        click.echo("\r\x1b[K%s%s %.0f s" % (self._name, bar, seconds), file=self._stream, nl=False)
        self._shown = True

    def _clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", file=self._stream, nl=False)
            self._shown = False


def human(size: int) -> str:
    """Return a number of bytes as people read it: ``4.6 MB``."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return "%.1f %s" % (size / factor, unit)
    return "%d bytes" % size
