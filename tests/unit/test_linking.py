"""Libraries are found as the dynamic linker finds them, in an order in which they can be loaded one by one."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from bundler.analyse import elf
from bundler.analyse.binaries import is_native
from bundler.analyse.linking import Needs, link
from bundler.errors import ConflictError

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc to make libraries with")


@pytest.fixture
def made(tmp_path):
    """Return a function that compiles a library, and the contents of all that it has made, by path."""
    contents = {}

    def make(path, source="", *options, needs=(), soname=None, kind="-shared"):
        where = tmp_path / path
        where.parent.mkdir(parents=True, exist_ok=True)
        code = tmp_path / "source.c"
        code.write_text(source + "\n")
        name = path.rpartition("/")[2] if soname is None else soname
        words = ["gcc", kind, "-fPIC", "-o", where, code, *(["-Wl,-soname," + name] if name and kind == "-shared" else [])]
        words += ["-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined", "-Wl,-z,lazy", *options, *(tmp_path / each for each in needs)]
        subprocess.run(words, check=True)
        contents[path] = where.read_bytes()

    make.contents = contents
    return make


def needs(made):
    return link(made.contents, {}).needs


@pytest.mark.parametrize("rpath", ["$ORIGIN/../carried.libs", "${ORIGIN}/../carried.libs", "/nowhere:$ORIGIN/sub/../../carried.libs/"])
@pytest.mark.parametrize("tag", ["--enable-new-dtags", "--disable-new-dtags"])
def test_library_is_found_by_the_search_path_of_who_needs_it(made, rpath, tag):
    made("carried.libs/libone.so.1")
    made("package/module.so", "", "-Wl,-rpath," + rpath, "-Wl," + tag, needs=["carried.libs/libone.so.1"])
    assert needs(made) == {"package/module.so": Needs(("carried.libs/libone.so.1",))}


@pytest.mark.parametrize("rpath", ["/usr/lib", "$ORIGIN/../../carried.libs", "$ORIGIN/$LIB", "$ORIGINS", "carried.libs"])
def test_library_is_not_looked_for_outside_the_bundle(made, rpath):
    made("carried.libs/libone.so.1")
    made("package/module.so", "", "-Wl,-rpath," + rpath, needs=["carried.libs/libone.so.1"])
    assert needs(made) == {}


def test_libraries_come_after_those_that_they_need(made):
    made("libs/liba.so")
    made("libs/libb.so", "", "-Wl,-rpath,$ORIGIN", needs=["libs/liba.so"])
    made("libs/libc.so", "", "-Wl,-rpath,$ORIGIN", needs=["libs/liba.so", "libs/libb.so"])
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", needs=["libs/libc.so", "libs/liba.so"])
    assert needs(made)["module.so"] == Needs(("libs/liba.so", "libs/libb.so", "libs/libc.so"))


@pytest.mark.parametrize("tag, found", [("--disable-new-dtags", ("libs/liba.so", "libs/libb.so")), ("--enable-new-dtags", ("libs/libb.so",))])
def test_rpath_holds_for_what_is_needed_too_and_runpath_does_not(made, tag, found):
    made("libs/liba.so")
    made("libs/libb.so", needs=["libs/liba.so"])
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", "-Wl," + tag, needs=["libs/libb.so"])
    assert needs(made)["module.so"].libraries == found


def test_circle_is_opened_where_functions_are_only_called(made):
    made("libs/liba.so", "int a(void) { return 1; }")
    made("libs/libb.so", "int a(void); int b(void) { return a() + 1; }", "-Wl,-rpath,$ORIGIN", needs=["libs/liba.so"])
    made("libs/liba.so", "int b(void); int a(void) { return 1; } int both(void) { return b() + 1; }", "-Wl,-rpath,$ORIGIN", needs=["libs/libb.so"])
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", needs=["libs/liba.so"])
    linking = link(made.contents, {})
    assert not any(each.together for each in linking.needs.values())
    (changed,) = linking.contents
    other = {"libs/liba.so": "libs/libb.so", "libs/libb.so": "libs/liba.so"}[changed]
    # what does not ask for the other any more comes before it, even before itself
    assert linking.needs["module.so"].libraries == (changed, other)
    assert linking.needs[changed].libraries == (changed, other)
    assert linking.needs[other].libraries == (changed,)
    said = elf.read(changed, linking.contents[changed])
    assert other.rpartition("/")[2] not in said.needed and "libc.so.6" in said.needed
    assert len(linking.contents[changed]) == len(made.contents[changed])


@pytest.mark.parametrize("option", ["-Wl,-z,now", "data"])
def test_circle_that_cannot_be_opened_must_lie_together(made, option):
    asked = {"a": "int b_data; int a_data = 1; ", "b": "int b_data = 1; extern int a_data; int *b_asks = &a_data;"}
    options = [] if option == "data" else [option]
    made("libs/liba.so", "int a_data = 1; int a(void) { return 1; }")
    made("libs/libb.so", asked["b"] + "int a(void); int b(void) { return a(); }", "-Wl,-rpath,$ORIGIN", *options, needs=["libs/liba.so"])
    source = "extern int b_data; int *a_asks = &b_data; int a_data = 1; int b(void); int a(void) { return b(); }"
    made("libs/liba.so", source, "-Wl,-rpath,$ORIGIN", *options, needs=["libs/libb.so"])
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", needs=["libs/liba.so"])
    linking = link(made.contents, {})
    assert linking.contents == {}
    assert linking.needs["module.so"].together
    assert linking.needs["module.so"].libraries == ("libs/liba.so", "libs/libb.so")


def test_library_without_a_soname_must_lie_together_with_who_needs_it(made):
    made("libs/libone.so", soname="")
    without = made.contents["libs/libone.so"]
    # had it none now, the module would need it by its path here
    made("libs/libone.so")
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", needs=["libs/libone.so"])
    made.contents["libs/libone.so"] = without
    assert needs(made)["module.so"] == Needs(("libs/libone.so",), together=True)


def test_program_must_lie_together_with_its_libraries(made):
    made("tool.libs/libone.so", "int one(void) { return 1; }")
    made("bin/tool", "int main(void) { return 0; }", "-Wl,-rpath,$ORIGIN/../tool.libs", needs=["tool.libs/libone.so"], kind="-pie")
    assert needs(made) == {"bin/tool": Needs(("tool.libs/libone.so",), together=True)}


def namesakes(made, name, first, second):
    made("a.libs/" + name, first)
    made("b.libs/" + name, second)
    made("a/module.so", "", "-Wl,-rpath,$ORIGIN/../a.libs", needs=["a.libs/" + name])
    made("b/module.so", "", "-Wl,-rpath,$ORIGIN/../b.libs", needs=["b.libs/" + name])
    owners = {path: path[0] for path in made.contents}
    return link(made.contents, owners)


def test_same_library_of_two_distributions_is_one(made):
    linking = namesakes(made, "libone-1a2b3c4d.so.1", "int one;", "int one;")
    assert linking.contents == {}
    assert {path: each.libraries for path, each in linking.needs.items()} == {
        "a/module.so": ("a.libs/libone-1a2b3c4d.so.1",),
        "b/module.so": ("a.libs/libone-1a2b3c4d.so.1",),
    }


@pytest.mark.parametrize("name", ["libone-1a2b3c4d.so.1", "libone.so", "libz.so.1"])
def test_different_libraries_of_one_name_are_told_apart(made, name):
    linking = namesakes(made, name, "int one;", "int two;")
    assert set(linking.contents) == {"b.libs/" + name, "b/module.so"}
    renamed = elf.read("", linking.contents["b.libs/" + name]).soname
    assert renamed != name and len(renamed) == len(name) and renamed.startswith("lib")
    assert elf.read("", linking.contents["b/module.so"]).needed[0] == renamed
    assert linking.needs["b/module.so"].libraries == ("b.libs/" + name,)


def test_libraries_of_one_name_that_need_different_ones_are_told_apart(made):
    made("a.libs/libbelow-1234.so", "int one;")
    made("b.libs/libbelow-1234.so", "int two;")
    for owner in "ab":
        made(owner + ".libs/libabove-1234.so", "", "-Wl,-rpath,$ORIGIN", needs=[owner + ".libs/libbelow-1234.so"])
        made(owner + "/module.so", "", "-Wl,-rpath,$ORIGIN/../" + owner + ".libs", needs=[owner + ".libs/libabove-1234.so"])
    linking = link(made.contents, {path: path[0] for path in made.contents})
    above, below = (elf.read("", linking.contents["b.libs/lib%s-1234.so" % name]) for name in ("above", "below"))
    assert below.soname in above.needed and below.soname != "libbelow-1234.so" and above.soname != "libabove-1234.so"
    assert linking.needs["b/module.so"].libraries == ("b.libs/libbelow-1234.so", "b.libs/libabove-1234.so")


def test_libraries_that_cannot_be_told_apart_are_refused_with_both_names(made):
    # the name of a function is the tail of the library's: they share their bytes
    source = "int libone_so(void) { return %d; }"
    with pytest.raises(ConflictError) as caught:
        namesakes(made, "libone_so", source % 1, source % 2)
    assert caught.value.message == (
        "`a` and `b` carry different libraries of one name, `a.libs/libone_so` and `b.libs/libone_so`, which cannot be told apart"
    )
    assert caught.value.hint == "have one of them on disk with `--files disk=GLOB`, or leave it out with `--exclude b.libs/libone_so`"


def test_damaged_files_are_left_to_the_dynamic_linker(made):
    made("libs/libone.so")
    made("module.so", "", "-Wl,-rpath,$ORIGIN/libs", needs=["libs/libone.so"])
    whole = made.contents["module.so"]
    for length in range(0, len(whole), 61):
        made.contents["module.so"] = whole[:length]
        assert needs(made) in ({}, {"module.so": Needs(("libs/libone.so",))})


@pytest.mark.parametrize(
    "content, native",
    [
        (b"\x7fELF\2\1\1", True),
        (b"\xcf\xfa\xed\xfe\x07", True),
        (b"\xca\xfe\xba\xbe\0\0\0\2", True),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", False),  # Java
        (b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", True),
        (b"MZ is how this text begins", False),
        (b"", False),
        (b"#!/bin/sh\n", False),
    ],
)
def test_native_files_are_known_by_their_content(content, native):
    assert is_native(content) is native
