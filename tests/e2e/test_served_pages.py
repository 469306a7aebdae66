"""Sites that an app file serves look in a browser as those of an installed one do: pages, style sheets, scripts, translations."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from interpreters import interpreters
from side_by_side import APPS, Side, app_file, bundled, environment, installed

pytestmark = [pytest.mark.network, pytest.mark.conformance]

VERSIONS = [version for version in ("3.11", "3.14") if version in interpreters()]

#: The build, how it is started installed, what is done before, the command of the server.
GARDEN = {"source": APPS / "garden", "with_": ["django"], "entry_point": "garden"}, "-m garden", ("migrate", "loaddata beds")
MKDOCS = {"with_": ["mkdocs"], "console_script": "mkdocs"}, "mkdocs", ("new .",)
SITES = {
    "garden": (*GARDEN, "runserver {address} --noreload"),
    "garden that reloads": (*GARDEN, "runserver {address}"),
    "mkdocs": (*MKDOCS, "serve -a {address}"),
    "mkdocs with the other theme": (*MKDOCS, "serve -a {address} -t readthedocs"),
}
#: What a browser makes of the first page, by style sheets and scripts (garden/static/garden/garden.js).
SHOWN = {"garden": r"<h1>Mein Garten</h1>.*<li>Möhre: 0.2 m</li>.*h1 is rgb\(0, 128, 64\), 2 sheets, \d\d+ rules", "mkdocs": "Welcome to MkDocs"}
PAGES = {
    "garden": ("/", "/static/garden/garden.css", "/static/admin/css/base.css", "/static/admin/img/icon-yes.svg", "/admin/login/", "/static/absent"),
    "mkdocs": ("/", "/css/base.css", "/css/theme.css", "/js/base.js", "/sitemap.xml", "/search/search_index.json", "/absent"),
}
VARIES = r'csrfmiddlewaretoken" value="\w+"|Build Date UTC : .*|livereload\(\d+, \d+\)|127\.0\.0\.1:\d+|\d{4}-\d\d-\d\d'


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("version", VERSIONS)
def test_site_looks_as_that_of_an_installed_one(site, version, shared, tmp_path):
    start, script, before, command = SITES[site]
    name = site.partition(" ")[0]
    python = interpreters()[version]
    app = app_file(shared, name, python, start)
    root = environment(shared, app, python)
    seen, shown = {}, {}
    for kind, side in (("installed", installed(root, script.split(), start.get("source"))), ("bundled", bundled(app, python))):
        directory = tmp_path / kind / "here"
        directory.mkdir(parents=True)
        variables = {"GARDEN_DATA": str(directory)}
        for words in before:
            assert side.run(directory, words.split(), env=variables)[0] == 0
        with serving(side, command, directory, variables) as address:
            seen[kind] = [fetch(address, page) for page in PAGES[name]]
            shown[kind] = looked_at(address, directory)
    assert seen["bundled"] == seen["installed"]
    for document in filter(None, shown.values()):
        assert re.search(SHOWN[name], document, re.DOTALL), document
    if name == "garden":  # themes of others change their documents for as long as they are open
        assert shown["bundled"] == shown["installed"]


@contextmanager
def serving(side: Side, command: str, directory: Path, variables: dict[str, str]) -> Iterator[str]:
    """Start a server, wait until it answers, and give its address; at the end it must stop as one does that is interrupted."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    env = {**side.env, **variables, "HOME": str(directory), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    with open(directory / "log.txt", "w") as log:
        started = subprocess.Popen(
            [*side.command, *command.format(address=address).split()], cwd=directory, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            deadline = time.monotonic() + 60
            while not answers(address):
                assert started.poll() is None and time.monotonic() < deadline, (directory / "log.txt").read_text()
                time.sleep(0.1)
            yield address
            os.killpg(started.pid, signal.SIGINT)
            assert started.wait(30) == 0, (directory / "log.txt").read_text()
        finally:
            try:
                os.killpg(started.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            started.wait()


def answers(address: str) -> bool:
    """Return whether something listens there."""
    host, _, port = address.rpartition(":")
    with socket.socket() as asking:
        return asking.connect_ex((host, int(port))) == 0


def fetch(address: str, page: str) -> tuple[int, str | None, str]:
    """Return status, type and content of a page, as a German is shown it."""
    request = urllib.request.Request(f"http://{address}{page}", headers={"Accept-Language": "de"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], re.sub(VARIES, "", answer.read().decode("utf-8"))
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], ""


def looked_at(address: str, directory: Path) -> str | None:
    """Return the document that a browser has made of the first page; None where there is no browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        return None
    # themes refer to other people's servers: none is asked
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking", "--no-first-run"]
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--accept-lang=de", f"--user-data-dir={directory / 'browser'}"]
    command = [browser, *switches, *alone, "--dump-dom", f"http://{address}/"]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", timeout=120, check=True)
    return re.sub(VARIES, "", shown.stdout)
