"""A reader written from docs/FORMAT.md alone agrees with the runtime on every entry and every byte of whole app files."""

from __future__ import annotations

import marshal
import re
import zipfile
from importlib.metadata import distributions

import pytest
from document import PAGE
from reader import Reader, Refused, find_container

from bundler.build import build
from runtime_stub.container import Container
from runtime_stub.source import LocalFile

TILL = """
import re
PRICE = re.compile("(?P<euros>[0-9]+),([0-9]{2})", re.A)
open(__file__)
""" + "".join("re.compile('coin%d')\n" % number for number in range(12))  # a table for fewer is not carried

FILES = {
    "__main__.py": "import shop\n",
    "shop/__init__.py": "from . import till\n",
    "shop/till.py": TILL + "".join("def price_%d(): return 'the price of %d'\n" % (n, n) for n in range(3000)),
    "shop/empty.txt": "",
    "shop/größe.txt": "20 cm\n" * 50,
    "shop/deep/er/prices.csv": "a,1\nb,2\n" * 500,
    "shop/history.csv": "".join("%d,%d\n" % (day, day * day) for day in range(240_000)),  # of more than 2 MiB
    "names/space/one.py": "ONE = 1\n",
    "shop-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n",
    "shop-1.0.dist-info/module.py": "",
    "names/old.egg-info/PKG-INFO": "",
}


@pytest.fixture(scope="module", params=["zstd", "zlib", "stored"])
def app(request, tmp_path_factory):
    """Return the path of an app file with an index of several pages."""
    tree = tmp_path_factory.mktemp("tree")
    many = {"many/m%03d.py" % number: "N = %d\n" % number for number in range(600)}
    for path, text in (FILES | many).items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    output = tmp_path_factory.mktemp("app") / "shop.pyz"
    # where no decoder for zstd can be had, the build warns and goes on
    kept = tmp_path_factory.getbasetemp().parent / "format-cache"
    built = build(tree, output, codec=request.param, workers=1, cache=kept)
    assert built.codec == request.param
    return output


@pytest.fixture(params=["as built", "behind other bytes"])
def placed(app, tmp_path, request):
    """Return the app file, or a copy that other bytes stand before."""
    if request.param == "as built":
        return app
    moved = tmp_path / "moved.pyz"
    moved.write_bytes(b"#!/another/python\n" * 100 + app.read_bytes())
    return moved


def test_both_readers_agree_on_every_entry_and_every_byte(placed):
    read = Reader(find_container(placed.read_bytes()))
    source = LocalFile(str(placed))
    runtime = Container(source, source.footer, bytes.fromhex(read.words("target")[0][2]))
    assert runtime.identity() == read.identity
    assert runtime.manifest["entry"] == read.words("entry") == [["module", "__main__"]]
    entries = read.entries()
    assert len(entries) > 600
    listed = []
    for directory in ["", *(directories(entries))]:
        listed += [(directory + kind + name).encode() for kind, name, _ in runtime.list(directory)]
    assert sorted(listed) == list(entries)
    contents = {}
    for key, entry in entries.items():
        same = runtime.find(key.decode())
        assert (same.kind, same.flags, same.suffix) == (entry.kind, entry.flags, entry.suffix), key
        assert sorted(same.parts) == list(entry.parts), key
        for role, (frame, offset, length) in entry.parts.items():
            if frame not in contents:
                contents[frame] = read.content(frame)
            assert runtime.read(same, role) == contents[frame][offset : offset + length], (key, role)
    assert runtime.read(runtime.find("shop\1größe.txt"), 0).decode() == FILES["shop/größe.txt"]
    assert runtime.find("names\1space").flags == 0 and runtime.find("\1shop").flags == 1
    assert runtime.find("shop\0till").flags & 4


def directories(entries):
    """Return the bundle paths of all directories."""
    return [key.replace(b"\1", b"/").strip(b"/").decode() for key, entry in entries.items() if entry.kind == 1]


def test_sources_of_zstd_are_written_against_their_bytecode(app):
    read = Reader(find_container(app.read_bytes()))
    parts = read.entries()[b"shop\0till"].parts
    source, code = parts[0][0], parts[1][0]
    assert source.base == (code if source.codec == 2 else None)
    if source.codec == 2:
        assert code.base is None


def test_large_files_are_chains_of_frames(app):
    read = Reader(find_container(app.read_bytes()))
    frame, _, length = read.entries()[b"shop\1history.csv"].parts[0]
    assert length == frame.raw == len(FILES["shop/history.csv"]) > 2 << 20
    assert (frame.codec, frame.stored) == (3, 3 * 24)


def test_every_manifest_line_is_specified(app):
    specified = PAGE.read_text(encoding="utf-8").partition("\n## 8. ")[2].partition("\n## 9. ")[0]
    words = {line[0] for line in Reader(find_container(app.read_bytes())).lines}
    assert words <= set(re.findall(r"^\| `(\w+)", specified, re.MULTILINE))


def test_index_and_runtime_need_no_zstd(app):
    read = Reader(find_container(app.read_bytes()))
    assert read.root.codec in (0, 1)
    own = [entry for key, entry in read.entries().items() if key.startswith(b".runtime")]
    assert own and {frame.codec for entry in own for frame, _, _ in entry.parts.values()} <= {0, 1}
    assert all(int(words[-1]) != 2 for words in read.words("decoder"))


def test_metadata_has_an_index_of_its_own_with_the_same_entries(app):
    reader = Reader(find_container(app.read_bytes()))
    (words,) = reader.words("metadata")
    expected = {key: entry for key, entry in reader.entries().items() if re.search(rb"-info([\0\1]|\Z)", key)}
    assert dict(reader._entries(reader.frame_of(words), None)) == expected
    assert len(expected) == 5


def test_frames_for_reading_ahead_hold_what_a_start_imports_and_has_to_decompress(app):
    read = Reader(find_container(app.read_bytes()))
    entries = read.entries()
    wanted = [entries[key].parts[1][0] for key in (b"\0__main__", b"shop\0__init__", b"shop\0till")]
    ahead = [read.frame_of(words) for words in read.words("start")]
    assert ahead == [frame for frame in dict.fromkeys(wanted) if frame.codec]
    assert entries[b"many\0m001"].parts[1][0] not in ahead


def test_table_of_patterns_holds_what_the_compiler_makes(app):
    read = Reader(find_container(app.read_bytes()))
    ((key, *words),) = read.words("patterns")
    assert key.split("-")[0] == read.words("target")[0][0].split("-")[0].replace("cp3", "3.")
    strings, byte_strings = marshal.loads(read.content(read.frame_of(words)))
    flags, codes, groups, numbers, names = marshal.loads(strings["(?P<euros>[0-9]+),([0-9]{2})", int(re.ASCII)])
    assert (flags, groups, numbers, names) == (re.ASCII, 2, {"euros": 1}, (None, "euros", None))
    assert len(codes) % 4 == 0 and b"".join(number.to_bytes(4, key.split("-")[3]) for number in map(ord, ",")) in codes
    assert all(type(pattern) is bytes for pattern, _ in byte_strings)


def test_runtime_tables_hold_the_same_modules_for_every_python(app):
    tables = Reader(find_container(app.read_bytes())).tables()
    names = [[name for name, _ in table] for table in tables.values()]
    assert len(names) == 2 and names[0][: len(names[1])] == names[1] and names[0][0] == "layout"
    # and, on the Python that it was built for, what each start of this app needs besides
    assert {"startup.", "startup.library", "startup.patterns"} <= set(names[0])
    for name, source in tables[bytes(4)]:
        compile(source, name, "exec")


def test_members_but_the_launcher_are_stored_and_the_container_is_the_last(app):
    with zipfile.ZipFile(app) as archive:
        assert archive.testzip() is None
        members = archive.infolist()
        assert [member.filename for member in members[:2]] == ["__main__.pyc", "__main__.py"]
        assert members[-1].filename == "container"
        assert [member.compress_type for member in members] == [8, 8] + [0] * (len(members) - 2)
        assert {(member.flag_bits & ~0x800, member.extra) for member in members} == {(0, b"")}
        assert "__main__.py/__main__.py" in archive.namelist()
        container = archive.read("container")
    assert container == find_container(app.read_bytes())
    first, second, _ = app.read_bytes().split(b"\n", 2)
    assert first.startswith(b"#!")
    assert second == b"# coding: this-app-file-is-truncated-or-damaged"


def test_metadata_is_deflated_and_read_by_whoever_reads_zips(tmp_path):
    described = "Metadata-Version: 2.1\nName: thing\nVersion: 1\n\n" + "many words\n" * 100
    for path, text in {"thing.py": "", "thing-1.dist-info/METADATA": described, "thing-1.dist-info/entry_points.txt": "[shop]\nx = thing\n"}.items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_text(text, encoding="utf-8")
    build(None, tmp_path / "thing.pyz", site_packages=tmp_path / "tree", library=True, cache=False)
    with zipfile.ZipFile(tmp_path / "thing.pyz") as archive:
        types = {member.filename: member.compress_type for member in archive.infolist()}
        assert archive.read("thing-1.dist-info/METADATA").decode() == described
    assert (types["thing-1.dist-info/METADATA"], types["thing.py"], types["container"]) == (8, 0, 0)
    (found,) = distributions(path=[str(tmp_path / "thing.pyz")])
    assert (found.version, [each.group for each in found.entry_points]) == ("1", ["shop"])


@pytest.mark.parametrize("lost", [1, 30, 5000])
def test_reader_refuses_a_file_that_has_lost_its_end(app, lost):
    with pytest.raises(Refused):
        Reader(find_container(app.read_bytes()[:-lost]))
