"""The five applications: what to install, what to build, what to run, and what they must print."""

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
    application is started by ``module:callable``, as ``script`` says.
    """

    requirement: str
    script: str
    jobs: tuple[Job, ...]
    source: Mapping[str, str] | None = None


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

REQUEST = ("--offline", "--ignore-stdin", "POST", "http://example.org/post", "name=bundler")

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
)
