"""What a start's time is booked on: every nanosecond once."""

from __future__ import annotations

import json
import re

from bundler.timing.measuring import Span, Start
from bundler.timing.modules import account, nest
from bundler.timing.page import page
from bundler.timing.table import data, table

SPANS = (
    Span("runpy", "", 100, 150, 0),
    Span("find", "pkg", 200, 210, 0),
    Span("load", "pkg", 210, 400, 0, "/a/app.pyz/pkg/__init__.py"),
    Span("read", "", 212, 222, 0),
    Span("decode", "", 222, 252, 0),
    Span("unmarshal", "", 252, 262, 0),
    Span("run", "pkg", 265, 395, 0),
    Span("find", "json", 270, 275, 0),
    Span("load", "json", 275, 375, 0, "/lib/python/json/__init__.py"),
    Span("read", "", 280, 290, 0),
    Span("run", "json", 300, 370, 0),
    Span("collect", "", 310, 330, 0),
    Span("decode", "", 215, 255, 1),
)


def start(spans: tuple[Span, ...] = SPANS) -> Start:
    return Start("/a/app.pyz", ("--version",), "3.11.7", "/lib/python", 0, 90, 500, spans)


def test_spans_lie_within_those_that_were_open_when_they_began() -> None:
    roots = nest(SPANS[:3] + SPANS[6:7])
    assert [node.span.kind for node in roots] == ["runpy", "find", "load"]
    assert [node.span.kind for node in roots[2].children] == ["run"]
    assert roots[2].own == 190 - 130


def test_module_is_charged_for_its_own_phases_and_not_for_imports_within() -> None:
    package, library = account(start()).modules
    assert (package.name, package.origin, package.cumulative, package.depth) == ("pkg", "bundle", 200, 0)
    assert package.phases == {"find": 10, "read": 10, "decode": 30, "unmarshal": 10, "run": 130 - 105, "other": 10}
    assert (library.name, library.origin, library.cumulative, library.depth) == ("json", "library", 105, 1)
    assert library.phases["run"] == 70 - 20
    assert library.own == 105 - 20


def test_total_is_the_whole_time_and_other_threads_come_on_top() -> None:
    found = account(start())
    assert sum(found.total.values()) == 500
    assert found.total["interpreter"] == 90
    assert found.total["collect"] == 20
    assert found.ahead == 40


def test_table_shows_the_dearest_modules_and_counts_the_others() -> None:
    lines = table(account(start()), top=1).splitlines()
    assert lines[0] == "/a/app.pyz --version on Python 3.11.7, exit code 0: 0.00 ms, 2 modules"
    assert lines[-2].endswith("  pkg")
    assert lines[-1].endswith("  1 more")
    assert table(account(start()), top=0).splitlines()[-1].endswith("  json")


def test_json_has_what_the_table_shows() -> None:
    content = json.loads(json.dumps(data(account(start()))))
    assert content["length"] == 500
    assert [module["name"] for module in content["modules"]] == ["pkg", "json"]
    assert content["modules"][0]["decode"] == 30


def test_page_is_whole_in_itself_and_no_name_can_end_its_script() -> None:
    hostile = Span("load", "</script><b>", 420, 430, 0, "/x")
    text = page(account(start((*SPANS[:-1], hostile, SPANS[-1]))))
    assert not re.search(r"https?:|src=|@import|url\(", text)
    held = re.search(r'<script type="application/json" id="account">(.*?)</script>', text, re.S)
    assert held
    content = json.loads(held[1])
    assert content["modules"][-1]["name"] == "</script><b>"
    assert content["spans"][0] == ["interpreter", "", 0, 90, 0]
