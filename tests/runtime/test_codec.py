"""The ladder of decoders is climbed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from runtime_stub import codec


def test_threads_that_ask_for_zstd_at_once_get_one_decoder():
    barrier = Barrier(4)

    def ask(_):
        barrier.wait(timeout=60)
        return codec.load_zstd()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, range(4)))
    assert found == {codec.load_zstd()}
