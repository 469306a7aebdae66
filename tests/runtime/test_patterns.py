"""A regular expression that the file carries compiled is the one that a fresh compilation makes."""

from __future__ import annotations

import marshal
from pathlib import Path
from textwrap import dedent

import pytest
from interpreters import version
from running import evaluate, run
from trees import write_tree

from bundler.analyse.patterns import table
from bundler.compiler import compile_sources
from bundler.interpreter import describe

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("patterns_program.py")

LIBRARY = """
    import argparse, ast, base64, calendar, cgi, configparser, csv, dataclasses, decimal, difflib, doctest, email.header
    import email.utils, ftplib, gettext, html.parser, http.client, http.cookiejar, http.cookies, imaplib, inspect, json
    import locale, logging.config, mailbox, mimetypes, netrc, optparse, pathlib, pickletools, pkgutil, platform, plistlib
    import poplib, pprint, pstats, pydoc, shlex, shutil, smtplib, sqlite3.dump, statistics, string, tarfile, textwrap
    import tokenize, tomllib, trace, traceback, unittest, urllib.parse, urllib.request, uuid, warnings, xml.etree, zipapp
    import xml.sax.saxutils, xmlrpc.client, zoneinfo, _strptime, email.message, fnmatch, fractions, nturl2path, tkinter
    import distutils.cmd, distutils.sysconfig, distutils.fancy_getopt, distutils.versionpredicate, pdb, rlcompleter
    import json.decoder, json.encoder, json.scanner, logging, idlelib.pyparse, lib2to3.pgen2.tokenize, sysconfig, glob
    import encodings.idna, importlib.metadata, importlib.resources, ctypes.util, multiprocessing, asyncio, venv
"""

NASTY = r"""
    import re
    re.compile("")
    re.compile("k\u212a\u017f\u0131", re.I), re.compile("[a-zk-\u212a]", re.I), re.compile("\u03c2+\u00df", re.I)
    re.compile("[^\u0130\ufb05]", re.I), re.compile("[a-z]+", re.I | re.A), re.compile("(?i:K)k")
    re.compile(r"\bab\B|\B"), re.compile(r"\B", re.A), re.compile(r"\A\d\D\s\S\w\W\Z")
    re.compile(r"a  b # comment" "\n" r"[ ]\ ", re.X), re.compile("(?x) a b (?# c )"), re.compile("(?s-i:.)(?m:^a$)", re.I)
    re.compile(b"a"), re.compile("a"), re.compile(b"[\x80-\xff]+", re.I), re.compile(br"\w+(?P<x>\s)?")
    re.compile("(?P<a>.)(?P<b>(?P=a))?(c)(?P<d>x)?"), re.compile("(a)?(?(1)b|c)"), re.compile("(?P<q>')?a(?(q)')")
    re.compile("(?<=a)b(?<!cb)(?=d)(?!de)"), re.compile("(?:a|ab|abc|b[0-9])*?"), re.compile("a{2,}?b{,3}c{4}(?:d|e){1,2}")
    re.compile("[\u0100-\u0200\u1000-\u3000\U00010000-\U0010ffff]"), re.compile("[^\u4e00-\u9fff\uac00-\ud7af]+")
    re.compile("[" + "".join(["a", "c", "\u0105", "\u0123", "\u0411", "\u3042", "\u3050", "\U0001f600"]) + "]")
    re.compile("\ud800"), re.compile("\x00"), re.compile("(((((((((((((a)))))))))))))\\13"), re.compile("a|b|[cd]|\\d")
    re.compile("(?:ab)*(?:ac)+(?:x|y)??"), re.compile(".*", re.S), re.compile("^$", re.M | re.U), re.compile("a", re.A)
"""
NEWER = r"""
    re.compile("a++b*+c?+d{1,2}+"), re.compile("(?>a|ab)c"), re.compile("(?>(?:ab)+)(?:cd)++")
"""


def table_for(python: str, source: str):
    sources = {"app.py": dedent(source).encode()}
    interpreter = describe(python)
    return table(interpreter, ["app.py"], sources, compile_sources(interpreter, sources.items(), [0]))


def test_every_pattern_equals_a_fresh_one_field_by_field(python, tmp_path):
    made = table_for(python, LIBRARY + NASTY + (NEWER if version(python) >= (3, 11) else ""))
    file = tmp_path / "table"
    file.write_bytes(made.content)
    (texts, byte_strings), different = evaluate(str(python), PROGRAM.read_text("utf-8"), ROOT, file)
    assert different == []
    assert texts > 200 and byte_strings > 15
    assert {("a", 0), ("\ud800", 0), ("[a-zk-\u212a]", 2)} <= set(marshal.loads(made.content)[0])


PROBE = """
    import sys
    sys.path.insert(0, sys.argv[1])
    from marshal import dumps
    from runtime_stub.startup import patterns
    class Store:
        manifest = {"patterns": [[sys.argv[2] or patterns.key(), "1", "2", "3", "4", "5"]]}
        def content(self, words):
            asked.append(words)
            return dumps(({("a", 0): wrong}, {}), 0)
    asked = []
    wrong = dumps((32, (1).to_bytes(4, sys.byteorder), 0, {}, (None,)), 0)  # SUCCESS: matches nothing, anywhere
    patterns.install(Store())
    import re
"""


@pytest.mark.parametrize("key", ["", "3.8-20171005-4-little", "3.11-20220615-4-other", "nonsense"])
def test_a_table_is_used_only_by_the_interpreter_that_its_key_names(python, key):
    program = dedent(PROBE) + "print([re.match('a', 'a').end() == 0, asked])"
    assert evaluate(python, program, ROOT, key) == ([False, []] if key else [True, [["1", "2", "3", "4", "5"]]])


@pytest.mark.parametrize(
    "call",
    [
        "re.compile(Text('a'))",
        "re.compile(b'a')",
        "re.compile('a', re.I)",
        "re.compile('b')",
        "re.compile('a', 32)",
        "compiler.compile('a', re.I)",
        "compiler.compile(b'a', 0)",
    ],
)
def test_the_table_answers_for_equal_type_text_and_flags_only(python, call):
    program = dedent(PROBE) + dedent("""
        compiler = getattr(re, "_compiler", None) or __import__("sre_compile")
        class Text(str): pass
        answer = %s
        text = answer.pattern
        print([type(text).__name__, text, answer.match(text).end()])
    """) % call
    kind, _, end = evaluate(python, program, ROOT, "", flags=("-bb",))
    assert end == 1
    assert kind == ("Text" if "Text" in call else "bytes" if "b'a'" in call else "str")


APP = """
    import re
    import sys

    OWN = re.compile(r"(?P<word>\\w+)\\s+(\\d+)", re.I)

    def hooked():
        compiler = getattr(re, "_compiler", None) or sys.modules["sre_compile"]
        return compiler.compile.__globals__["__name__"].startswith("_bundler_")

    def main():
        if sys.argv[1:] == ["hooked"]:
            return print(hooked())
        print(OWN, OWN.groupindex, OWN.match("Chapter 7").groups())
        print(re.compile("%s+" % sys.platform[0]), re.compile(r"(?P<word>\\w+)\\s+(\\d+)", re.I) is OWN)
        read = re.compile("(?P<first>[a-%s])(b)?(?P<last>c)" % "z"[:len(sys.argv)])
        print(read.flags, read.groups, read.groupindex, read.match("dbc").groupdict(), read.match("dbc").lastgroup)
        re.compile("[[a]")
        re.compile("[a" + "||b]")
        re.compile(type("Text", (str,), {})("[[c]"))
        re.compile(sys.argv[1])
"""
# A table for a few is not carried.
APP += "    MORE = [%s]\n" % ", ".join('re.compile("more%d")' % number for number in range(12))
START = "from app import main\nmain()\n"


def test_an_app_with_few_patterns_has_no_table(python, build_app):
    if version(python) == (3, 9):
        pytest.skip("what `re` imports in 3.9 has more than a few")
    app = build_app({"__main__.py": START, "app.py": dedent(APP).partition("MORE = ")[0]}, python=python)
    assert run(python, app, "hooked").stdout == "False\n"


def test_an_app_prints_and_warns_and_fails_as_it_does_without_a_table(python, target, build_app, tmp_path):
    files = {"__main__.py": START, "app.py": dedent(APP)}
    app = build_app(files, python=target)
    plain = run(python, "-W", "always", write_tree(tmp_path / "app", files), "ab(")
    bundled = run(python, "-W", "always", app, "ab(")
    assert bundled.stdout == plain.stdout
    assert bundled.returncode == plain.returncode == 1
    warned = [line for line in plain.stderr.splitlines() if "Warning: " in line]
    assert [line.rpartition("app.py:")[2][:2] for line in warned] == ["18", "19", "20"]
    assert [line for line in bundled.stderr.splitlines() if "Warning: " in line] == [
        line.replace(str(tmp_path / "app"), str(app)) for line in warned
    ]
    assert bundled.stderr.splitlines()[-1] == plain.stderr.splitlines()[-1]


def test_the_table_is_for_the_python_that_the_app_was_built_for(python, target, build_app):
    app = build_app({"__main__.py": START, "app.py": dedent(APP)}, python=target)
    assert run(python, app, "hooked").stdout == "%s\n" % (python == target)


def test_a_library_leaves_re_as_it_is(python, build_app):
    app = build_app({"app.py": dedent(APP)}, library=True, python=python)
    program = "import sys; sys.path.insert(0, sys.argv[1]); import app; print(app.hooked())"
    assert evaluate(python, program, app) is False


def test_an_app_without_patterns_does_not_import_re(python, build_app, tmp_path):
    files = {"__main__.py": "import sys\nprint('re' in sys.modules, 'sre_compile' in sys.modules)\n"}
    app = build_app(files, python=python)
    assert run(python, "-I", app).stdout == run(python, "-I", write_tree(tmp_path / "app", files)).stdout
