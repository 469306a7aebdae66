"""Containers in memory: a source of bytes need not be a file."""

from __future__ import annotations

import example

from runtime_stub.container import Container
from runtime_stub.layout import FOOTER_SIZE, ContainerError


class Memory:
    """A source over a container in memory."""

    path = "example"

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.footer = data[-FOOTER_SIZE:]

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    read_again = read_at

    def explain(self, problem: str) -> ContainerError:
        return ContainerError("`%s` is damaged: %s" % (self.path, problem), path=self.path)


def container(data: bytes) -> Container:
    """Return the runtime's store over ``data``, for the example's Python."""
    source = Memory(data)
    return Container(source, source.footer, example.MAGIC)
