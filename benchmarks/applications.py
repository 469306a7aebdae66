"""The nine applications: what to install, what to build, what to run, and what they must print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from measuring import Command


@dataclass(frozen=True)
class Job:
    """One way to start an application: its arguments and what :class:`measuring.Command` checks."""

    name: str
    arguments: tuple[str, ...]
    expected: str
    scratch: bool = False
    makes: str = ""

    def command(self, *start: str | Path) -> Command:
        """Return the command that does this job, begun with ``start``."""
        return Command((*map(str, start), *self.arguments), self.expected, self.scratch, self.makes)


@dataclass(frozen=True)
class Application:
    """A requirement, its console script and the jobs to start it for.

    ``source`` holds modules, by file name, that go beside it: then the
    application is started by ``module:callable``, as ``script`` says. ``entry``
    is the callable of a script that is no entry point.
    """

    requirement: str
    script: str
    jobs: tuple[Job, ...]
    source: Mapping[str, str] | None = None
    entry: str = ""


#: A page rendered by the test client, as an application of the user's own.
PAGE = """\
from flask import Flask, render_template_string

app = Flask(__name__)


@app.route("/<name>")
def page(name):
    return render_template_string("<p>{% for letter in name %}{{ letter|upper }}{% endfor %}</p>", name=name)


def main():
    print(app.test_client().get("/bundler").get_data(as_text=True))
"""

#: A request to an application of the user's own, by the protocol that its server would speak.
SERVICE = """\
import asyncio

from fastapi import FastAPI
from pydantic import BaseModel


class Order(BaseModel):
    name: str
    pieces: int = 1


app = FastAPI()


@app.get("/orders/{name}")
async def order(name: str, pieces: int = 2) -> Order:
    return Order(name=name, pieces=pieces)


async def ask():
    sent = []
    scope = {
        "type": "http", "method": "GET", "path": "/orders/bundler", "query_string": b"pieces=3", "headers": [],
        "http_version": "1.1", "scheme": "http", "client": ("test", 1), "server": ("test", 80), "root_path": "",
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    print(sent[0]["status"], sent[1]["body"].decode())


def main():
    asyncio.run(ask())
"""

#: A table summed up.
TABLE = """\
import pandas


def main():
    table = pandas.DataFrame({"kind": ["a", "b"] * 500, "value": range(1000)})
    print(table.groupby("kind")["value"].sum().to_dict())
"""

REQUEST = ("--offline", "--ignore-stdin", "POST", "http://example.org/post", "name=bundler")

#: Files in the user's directory. By default each start of httpie leaves a process behind that asks the network for a newer one.
SETTINGS = {".config/httpie/config.json": '{"disable_update_warnings": true}\n'}

APPLICATIONS = (
    Application("cowsay", "cowsay", (Job("cowsay", ("-t", "moo"), "| moo |"),)),
    Application(
        "httpie",
        "http",
        (Job("http --version", ("--version",), "3."), Job("http --offline", REQUEST, '"name": "bundler"')),
    ),
    Application("flask", "flask", (Job("flask --version", ("--version",), "Werkzeug"),)),
    Application("flask", "page:main", (Job("flask page", (), "<p>BUNDLER</p>"),), {"page.py": PAGE}),
    Application(
        "yt-dlp",
        "yt-dlp",
        (
            Job("yt-dlp --version", ("--ignore-config", "--version"), "20"),
            Job("yt-dlp --list-extractors", ("--ignore-config", "--list-extractors"), "youtube"),
        ),
    ),
    Application(
        "django",
        "django-admin",
        (
            Job("django-admin --version", ("--version",), "."),
            Job("django-admin startproject", ("startproject", "site1"), "", True, "site1/manage.py"),
        ),
    ),
    Application("awscli", "aws", (Job("aws --version", ("--version",), "aws-cli/"),), entry="awscli.clidriver:main"),
    Application("black", "black", (Job("black", ("--quiet", "--code", "x = [ 1,2 ]"), "x = [1, 2]"),)),
    Application("fastapi", "service:main", (Job("fastapi request", (), '200 {"name":"bundler","pieces":3}'),), {"service.py": SERVICE}),
    Application("pandas", "table:main", (Job("pandas groupby", (), "{'a': 249500, 'b': 250000}"),), {"table.py": TABLE}),
)
