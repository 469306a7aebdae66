"""Frames are decompressed once, as long as there is room: counted, not timed."""

from __future__ import annotations

import io
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import MAGIC_NUMBER

import pytest

from bundler.stages import EntryPoint
from bundler.write.container import Contents, Section, write_container
from bundler.write.frames import Grouping, Levels, pack
from bundler.write.index import IndexEntry
from runtime_stub.container import HALF_KEPT, LARGEST_KEPT, Container
from runtime_stub.layout import CONTENT, FILE, FILE_KEY, FOOTER_SIZE, ZLIB, ContainerError


class Counted:
    """A source of bytes in memory that counts what is read at each offset."""

    path = "counted"

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads: list[int] = []

    def read_at(self, offset: int, length: int) -> bytes:
        self.reads.append(offset)
        return self.data[offset : offset + length]

    read_again = read_at

    def explain(self, problem: str) -> ContainerError:
        return ContainerError(problem)


def bundle(sizes: list[int]) -> tuple[Container, Counted]:
    """Return a store of files ``0``, ``1``, ..., each alone in its frame, of bytes that hold their number."""
    files = Grouping(1)
    entries = {
        FILE_KEY + str(n): IndexEntry(FILE, 0, "", {CONTENT: files.add(content(n, size))}) for n, size in enumerate(sizes)
    }
    packed = pack(files.groups, ZLIB, Levels(1, 1), None)
    out = io.BytesIO()
    section = Section("cp311-linux_x86_64", "py3-none-any", MAGIC_NUMBER, entries)
    write_container(out, Contents(packed, [], EntryPoint("none"), [section]))
    source = Counted(out.getvalue())
    store = Container(source, source.data[-FOOTER_SIZE:], MAGIC_NUMBER)
    store.find(FILE_KEY + "0")
    source.reads.clear()
    return store, source


def content(n: int, size: int) -> bytes:
    return b"%d," % n * (size // len(b"%d," % n))


def read(store: Container, n: int) -> bytes:
    return store.read(store.find(FILE_KEY + str(n)), CONTENT)


def test_each_frame_of_a_start_is_decoded_once():
    store, source = bundle([40_000] * 50)
    order = [n for n in range(50) for _ in range(3)]
    random.Random(1).shuffle(order)
    for n in order:
        assert read(store, n) == content(n, 40_000)
    assert len(source.reads) == len(set(source.reads)) == 50


def test_frame_in_use_outlives_all_that_is_read_once():
    store, source = bundle([200_000] * 100)
    first = content(0, 200_000)
    for n in range(1, 100):
        assert read(store, 0) == first
        read(store, n)
    assert len(source.reads) == 100


def test_large_frame_takes_no_room_from_others():
    store, source = bundle([50_000] * 20 + [LARGEST_KEPT * 2] * 3)
    for _ in range(2):
        for n in range(23):
            read(store, n)
    assert len(source.reads) == 20 + 2 * 3


def kept(store: Container) -> int:
    return sum(map(len, [*store._recent.values(), *store._older.values()]))


@pytest.mark.parametrize("size", [1_000, 300_000, LARGEST_KEPT])
def test_no_more_is_kept_than_two_halves(size):
    store, _ = bundle([size] * (3 * HALF_KEPT // size + 1))
    for n in range(3 * HALF_KEPT // size + 1):
        read(store, n)
        assert kept(store) <= 2 * HALF_KEPT
    assert kept(store) >= HALF_KEPT


def test_threads_read_what_is_there_while_frames_come_and_go():
    store, _ = bundle([300_000] * 40)

    def work(seed: int) -> bool:
        numbers = random.Random(seed)
        return all(read(store, n) == content(n, 300_000) for n in numbers.choices(range(40), k=150))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
    # each thread may have been between the halves at the same time
    assert kept(store) <= 2 * HALF_KEPT + 8 * 300_000
