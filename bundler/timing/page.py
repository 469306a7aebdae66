"""The account of a start as one page that opens from disk: a waterfall to zoom into, and a table to sort."""

from __future__ import annotations

import json
from pathlib import Path

from bundler.timing.modules import Account
from bundler.timing.table import MEANINGS, data

_TEMPLATE = Path(__file__).with_name("page.html")


def page(account: Account) -> str:
    """Return the page. It asks nothing of any network: style, program and figures are in it."""
    spans: list[list[object]] = [["interpreter", "", 0, account.start.began, 0]]
    spans += [[span.kind, span.name, span.begin, span.end, span.thread] for span in account.start.spans]
    content = {**data(account), "meanings": MEANINGS, "spans": spans}
    # a name with a tag in it shall not end the element that holds it
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    return _TEMPLATE.read_text("utf-8").replace("/* account */", text)
