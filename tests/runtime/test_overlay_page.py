"""docs/overlay.md lists what is replaced, and `--files` as the command line has it."""

from __future__ import annotations

from overlay_page import PAGE, page

from bundler.placing import PLACES, WAYS


def test_page_lists_each_function_that_is_replaced():
    assert PAGE.read_text(encoding="utf-8") == page(), "run tests/runtime/overlay_page.py"


def test_page_tells_each_value_of_the_option():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"\n| `{each}` | " in text for each in [*WAYS, *(place + "=GLOB" for place in PLACES)])
