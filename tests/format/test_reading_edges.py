"""Rare contents that a container can have."""

from __future__ import annotations

import io
import subprocess
import sys

import example
from in_memory import container

from bundler.build import build
from bundler.stages import EntryPoint
from bundler.write.container import Contents, Section, write_container
from bundler.write.frames import Grouping, Levels, pack
from bundler.write.index import IndexEntry
from runtime_stub.container import Container, parse_manifest
from runtime_stub.layout import CONTENT, FILE, FILE_KEY, STORED


def written(entries, packed, entry=None) -> Container:
    out = io.BytesIO()
    section = Section("cp311-linux_x86_64", "py3-none-any", example.MAGIC, entries)
    contents = Contents(packed, [(bytes(4), example.TABLE)], entry, [section])
    write_container(out, contents)
    return container(out.getvalue())


def test_an_empty_frame_is_not_taken_for_the_one_that_begins_where_it_lies():
    empty, full = Grouping(0), Grouping(0)
    entries = {
        FILE_KEY + "empty": IndexEntry(FILE, parts={CONTENT: empty.add(b"")}),
        FILE_KEY + "full": IndexEntry(FILE, parts={CONTENT: full.add(b"text")}),
    }
    store = written(entries, pack(empty.groups + full.groups, STORED, Levels(0, 0), None))
    assert store.find(FILE_KEY + "empty").parts[CONTENT][0][0] == store.find(FILE_KEY + "full").parts[CONTENT][0][0]
    assert store.read(store.find(FILE_KEY + "empty"), CONTENT) == b""
    assert store.read(store.find(FILE_KEY + "full"), CONTENT) == b"text"


def test_an_empty_bundle_has_an_index():
    store = written({}, {})
    assert store.find(FILE_KEY + "x") is None
    assert list(store.list("")) == []
    assert store.manifest["entry"] == [["none"]]


def test_manifest_lines_end_at_line_feeds_only():
    store = written({}, {}, EntryPoint("two\u2028\x85 words"))
    assert " ".join(store.manifest["entry"][0]) == "module two\u2028\x85 words"


def test_unknown_manifest_lines_are_kept_apart():
    assert parse_manifest("bundler 1\nlater a b\nlater c") == {"bundler": [["1"]], "later": [["a", "b"], ["c"]]}


def test_script_with_spaces_in_its_name_runs(tmp_path):
    script = tmp_path / "my first tool.py"
    script.write_text("print('ran as', __name__)\n")
    build(script, tmp_path / "out.pyz", cache=False, workers=1)
    run = subprocess.run([sys.executable, tmp_path / "out.pyz"], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, "ran as __main__\n", "")
