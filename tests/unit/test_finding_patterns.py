"""Regular expressions are found by reading, and compiled by the interpreter that is to use them."""

from __future__ import annotations

import dataclasses
import marshal
import re
import time

import pytest
from running import evaluate
from known_targets import TARGETS

from bundler.analyse.patterns import Table, table
from bundler.cache import Cache
from bundler.compiler import compile_sources

each_target = pytest.mark.parametrize("interpreter", TARGETS, ids=lambda each: each.minor)
running = TARGETS[-1]


def made(source: bytes | dict[str, bytes], interpreter=running, **options) -> Table | None:
    sources = source if isinstance(source, dict) else {"app.py": source}
    return table(interpreter, list(sources), sources, compile_sources(interpreter, sources.items(), [0]), **options)


@pytest.fixture(scope="session")
def found(tmp_path_factory):
    """A function that returns what the table for a source has more than that for its imports alone."""
    cache = Cache(tmp_path_factory.mktemp("cache"))

    def found(source: str, interpreter=running) -> set[tuple[str | bytes, int]]:
        imports = "\n".join(line for line in source.splitlines() if "import" in line)
        whole, alone = (made(text.encode(), interpreter, cache=cache) for text in (source, imports))
        return entries(whole) - entries(alone)

    return found


def entries(made: Table | None) -> set[tuple[str | bytes, int]]:
    return {entry for part in marshal.loads(made.content) for entry in part} if made else set()


@pytest.mark.parametrize(
    "source, expected",
    [
        ("import re\nre.compile('one!')", {("one!", 0)}),
        ("import re as other\nother.compile('one!')", {("one!", 0)}),
        ("from re import compile as c, VERBOSE as V\nc('one!', V)", {("one!", 64)}),
        ("import re\nc = re.compile\nc('one!')", {("one!", 0)}),
        ("import re\nre.compile(pattern='one!', flags=re.I | re.X)", {("one!", 66)}),
        ("import re\ndef f():\n  class A:\n    return re.match('one!', '', re.I)", {("one!", 2)}),
        ("import re\nre.search('1!', s, re.I)", {("1!", 2)}),
        ("import re\nre.fullmatch('1!', s, 2)", {("1!", 2)}),
        ("import re\nre.findall('1!', s, re.I), re.finditer('2!', s, re.I)", {("1!", 2), ("2!", 2)}),
        ("import re\nre.split('1!', s, 1, re.I), re.split('2!', s, 1)", {("1!", 2), ("2!", 0)}),
        ("import re\nre.sub('1!', r, s, 1, re.I), re.subn('2!', r, s, flags=re.I)", {("1!", 2), ("2!", 2)}),
        ("import re\nre.compile(b'one!')", {(b"one!", 0)}),
        ("import re\nre.compile('on' r'e\\!')", {("one\\!", 0)}),
        ("import re\nA = 'on'\nre.compile(A + 'e!')", {("one!", 0)}),
        ("import re\nA = 'on'\nA += 'e!'\nre.compile(A)", {("one!", 0)}),
        ("import re\nA: str = 'one!'\nre.compile(A)", {("one!", 0)}),
        ("import re\nclass A:\n  b = 'one!'\n  def f(self): re.compile(self.b)", {("one!", 0)}),
        ("import re\np = 'one!'\np = re.compile(p)", {("one!", 0)}),
        ("import re\nF = re.M | re.S\nre.compile('one!', F)", {("one!", 24)}),
        ("import re\nre.compile('%s%%%d!' % ('a', 1))", {("a%1!", 0)}),
        ("import re\nre.compile('%(a)s!' % {'a': 'b'})", {("b!", 0)}),
        ("import re\nA = 'a'\nre.compile(f'{A}{{1}}!')", {("a{1}!", 0)}),
        ("import re\nre.compile('{}{b}!'.format('a', b='c'))", {("ac!", 0)}),
        ("import re\nre.compile('|'.join(['a!', 'b!']))", {("a!|b!", 0)}),
        ("import re\nre.compile('|'.join(x + '!' for x in ['a', 'b']))", {("a!|b!", 0)}),
        ("import re\nA = '^one!$'\nre.compile(A[1:-1])", {("one!", 0)}),
        ("import re\nre.compile('[' + re.escape('-!') + ']')", {("[\\-!]", 0)}),
        ("import re, string\nre.compile('[%s]!' % string.digits)", {("[0123456789]!", 0)}),
        ("import re\nA = None\nre.compile(A or 'one!')", {("one!", 0)}),
    ],
)
def test_a_pattern_that_can_be_read_is_found(found, source, expected):
    assert found(source) == expected


@pytest.mark.parametrize(
    "call",
    [
        "re.compile(unknown)",
        "re.compile('one!', unknown)",
        "re.compile(*['one!'])",
        "re.compile('one!', **flags)",
        "re.compile(f'{1!r}')",
        "re.compile('%10s!' % 'a')",
        "re.compile('{:10}!'.format('a'))",
        "re.compile('ab'[-'a'])",
        "re.compile(1)",
        "re.compile(None)",
        "re.compile('one!', True)",
        "re.compile('one!', 1.5)",
        "re.compile()",
        "re.error('one!')",
        "other.compile('one!')",
    ],
)
def test_what_cannot_be_told_by_reading_is_left_to_the_run(found, call):
    assert found("import re\n" + call) == set()


@each_target
@pytest.mark.parametrize(
    "call",
    [
        "re.compile('(')",
        "re.compile('[[a]!')",
        "re.compile('a(?i)!')",
        "re.compile('a!', re.DEBUG)",
        "re.compile('a!', 1)",
        "re.compile(b'a!', re.LOCALE)",
        "re.compile(b'(?L)a!')",
        "re.compile('a!', re.ASCII | re.UNICODE)",
        "re.compile('a!', -1)",
        "re.compile('a!', 1 << 40)",
        "re.compile('a!' + '(' * 5000 + ')' * 5000)",
    ],
)
def test_what_fails_or_warns_or_prints_or_follows_the_locale_is_left_out(found, interpreter, call):
    assert found("import re\n" + call, interpreter) == set()


@each_target
def test_patterns_of_the_standard_library_modules_that_are_imported_are_found(interpreter):
    number = "import json.scanner as s; print([(s.NUMBER_RE.pattern, s.NUMBER_RE.flags & ~32)])"
    expected = set(evaluate(interpreter.executable, number, flags=("-I",)))
    assert expected <= entries(made(b"import json", interpreter))
    assert not expected & entries(made(b"import re, keyword", interpreter))


def test_imports_in_functions_of_the_standard_library_are_not_followed():
    assert made(b"def f():\n  import json") is None


@pytest.mark.parametrize("source", [b"", b"x = 1", b"import sys", b"# re\n"])
def test_a_start_that_compiles_nothing_has_no_table(source):
    assert made(source) is None


@pytest.mark.parametrize("interpreter", [each for each in TARGETS if each.version >= (3, 15)], ids=lambda each: each.minor)
def test_lazy_imports_of_the_standard_library_are_not_followed(interpreter):
    assert made(b"lazy import json", interpreter) is None


def test_a_source_that_does_not_parse_has_none():
    assert made({"a.py": b"import re\nre.compile('a!'", "b.py": b"import re\nre.compile('b!')"}) is not None


@pytest.mark.parametrize(
    "source",
    [
        "A = 'a' * 99\n" + "A = A + A\n" * 60,
        "A = 'aaaaaaaaaaaaaaaa'\n" + "A = A + A\n" * 60,
        "A = ('a', 'a')\n" + "A = (A, A)\n" * 60 + "A = '%s' % (A,)\nB = f'{A}'\n",
        "A = [" + "'a'," * 999 + "]\nA = [[[[x for x in A] for x in A] for x in A] for x in A]\n",
        "A = 'a'" + " + 'a'" * 500 + "\n",
    ],
)
def test_reading_takes_no_longer_for_values_that_explode(source):
    began = time.monotonic()
    assert ("z!", 0) in entries(made(("import re\n" + source + "re.compile(A)\nre.compile('z!')\n").encode()))
    assert time.monotonic() - began < 20


def test_text_and_bytes_are_apart_since_comparing_them_can_be_an_error():
    texts, byte_strings = marshal.loads(made(b"import re\nre.compile('a!'), re.compile(b'a!')").content)
    assert ("a!", 0) in texts and (b"a!", 0) in byte_strings
    assert {type(pattern) for pattern, _ in texts} == {str}
    assert {type(pattern) for pattern, _ in byte_strings} == {bytes}


def test_entries_are_sorted_and_neither_order_nor_cache_change_the_content(tmp_path):
    sources = {"%d.py" % number: b"import re, json\nre.compile('%d!', %d)\n" % (-number % 7, number % 3 * 8) for number in range(30)}
    expected = made(sources)
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        assert made(dict(reversed(sources.items())), cache=cache) == expected
    texts, _ = marshal.loads(expected.content)
    assert list(texts) == sorted(texts) and expected.size >= 21


def test_what_the_cache_holds_is_not_read_again_and_a_changed_source_is(tmp_path):
    cache = Cache(tmp_path / "cache")
    sources = {"a.py": b"import re\nre.compile('a!')", "b.py": b"import re\nre.compile('b!')"}
    expected = made(sources, cache=cache)
    no_interpreter = dataclasses.replace(running, executable=str(tmp_path / "none"))
    compiled = compile_sources(running, sources.items(), [0])
    assert table(no_interpreter, list(sources), sources, compiled, cache) == expected
    changed = {**sources, "b.py": b"import re\nre.compile('c!')"}
    assert {("a!", 0), ("c!", 0)} <= entries(made(changed, cache=cache))
    assert ("b!", 0) not in entries(made(changed, cache=cache))


def test_a_reader_that_does_not_run_costs_the_table_and_nothing_else(tmp_path):
    sources = {"a.py": b"import re\nre.compile('a!')"}
    compiled = compile_sources(running, sources.items(), [0])
    for program in (tmp_path / "none", "/bin/true", "/bin/false"):
        broken = dataclasses.replace(running, executable=str(program))
        assert table(broken, list(sources), sources, compiled) is None


@each_target
def test_the_key_names_all_that_the_codes_depend_on(interpreter):
    program = "import _sre, sys; print([_sre.MAGIC, _sre.CODESIZE, sys.byteorder])"
    expected = evaluate(interpreter.executable, program, flags=("-I",))
    key = made(b"import re\nre.compile('a!')", interpreter).key
    assert key == "-".join([interpreter.minor, *map(str, expected)])
    assert re.fullmatch(r"3\.\d+-\d+-4-(little|big)", key)
