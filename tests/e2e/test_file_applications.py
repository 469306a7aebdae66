"""Applications that open files next to themselves do in one file what they do installed: they say the same, and write the same files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from interpreters import interpreters
from side_by_side import APPS, Side, app_file, bundled, environment, installed, tree

pytestmark = [pytest.mark.network, pytest.mark.conformance]

VERSIONS = [version for version in ("3.11", "3.14") if version in interpreters()]


@dataclass(frozen=True)
class Step:
    """One start of the application: ``{endpoint}`` is a server, ``{apps}`` the directory of applications to test with."""

    words: str
    says: str = ""  #: a pattern that its output has
    exits: int = 0
    module: bool = False  #: a Python with the application's modules, not the application
    traced: bool = False  #: compare what is opened for writing


@dataclass(frozen=True)
class Application:
    """What to build, and what to do with it."""

    name: str
    start: dict[str, object]  #: further arguments of the build
    installed: str  #: how it is started in an environment: a script, or ``-m`` and a module
    steps: tuple[Step, ...]
    varies: str = "(?!)"  #: what differs from one run to the next, in output and files
    leave_out: str = "(?!)"  #: paths of files that do so


APPLICATIONS = (
    Application(
        "awscli",
        {"with_": ["awscli"], "console_script": "aws"},
        "aws",
        (
            Step("--endpoint-url {endpoint} s3 ls", "2020-01-02 03:04:05 leaves"),
            Step("--endpoint-url {endpoint} s3 cp s3://leaves/leaf.txt -", "^grün$", traced=True),
            Step("ec2 describe-instances --generate-cli-skeleton", '"InstanceIds"'),
            Step("s3 ls --colour", "Unknown options: --colour", exits=255),
        ),
    ),
    Application(
        "garden",
        {"source": APPS / "garden", "with_": ["django"], "entry_point": "garden"},
        "-m garden",
        (
            Step("check", "no issues"),
            Step("migrate", "garden.0002_height... OK", traced=True),
            Step("showmigrations", r"\[X\] 0002_height"),
            Step("makemigrations --check --dry-run", "No changes"),
            Step("loaddata beds", "2 object"),
            Step("harvest", "3 plants"),
            Step("test garden", "Ran 3 tests.*OK"),
            Step("test garden --parallel 2", "Ran 3 tests.*OK"),
            Step("findstatic garden/garden.css", "<code>/garden/static/garden/garden.css"),
            Step("collectstatic --noinput", "static files copied"),
            Step("startapp shed"),
        ),
        varies=r"in \d\.\d+s|'20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?'",
    ),
    Application(
        "sphinx",
        {"with_": ["sphinx"], "console_script": "sphinx-build"},
        "sphinx-build",
        (
            Step("-m sphinx.cmd.quickstart -q -p Möhre -a Ü -v 1 --sep --ext-autodoc docs", "Finished", module=True),
            Step("-M html docs/source docs/build", "build succeeded", traced=True),
            Step("-q -b latex docs/source latex"),
            Step("-b epub -D version=1 docs/source epub", "build succeeded"),
            Step("-q -D language=de docs/source german"),
            Step("-q -D language=ja -D html_theme=classic docs/source japanese"),
        ),
        varies=r"sphinx-quickstart on .*|<dc:date>.*|\d{4}-\d\d-\d\dT[\d:]+Z?",
        leave_out=r"\.doctrees|doctrees|\.epub$",
    ),
    Application(
        "mkdocs",
        {"with_": ["mkdocs"], "console_script": "mkdocs"},
        "mkdocs",
        (
            Step("new .", "Writing initial docs"),
            Step("build -t mkdocs -d plain", "Documentation built", traced=True),
            Step("build -t readthedocs -d columns", "Documentation built"),
        ),
        varies=r"in \d\.\d+ seconds",
    ),
    # it starts a kernel, which has the bundle; zmq is linked with a library that its wheel carries; what wheels put below an
    # environment's `share` is looked for below `sys.prefix`
    Application(
        "nbconvert",
        {"with_": ["nbconvert", "ipykernel"], "console_script": "jupyter-nbconvert"},
        "jupyter-nbconvert",
        (
            Step("--to html {apps}/papers/notebook.ipynb --output-dir .", "Writing"),
            Step("--to slides {apps}/papers/notebook.ipynb --output-dir .", "Writing"),
            Step("--to markdown --execute {apps}/papers/notebook.ipynb --output-dir .", "Writing"),
        ),
    ),
    # it goes to the directory of its template
    Application(
        "sprout",
        {"source": APPS / "sprout", "with_": ["cookiecutter"], "entry_point": "sprout"},
        "-m sprout",
        (
            Step("Möhre", "Möhre$"),
            Step("Birke --hooks", "made Birke\n"),
        ),
        varies=r'"_(template|repo_dir)": "[^"]*"',
        leave_out=r"temporary/tmp\w+\.py$",  # it never removes the hooks that it has run
    ),
    Application(
        "check-jsonschema",
        {"with_": ["check-jsonschema"], "console_script": "check-jsonschema"},
        "check-jsonschema",
        (
            Step("--check-metaschema {apps}/papers/schema.json", "ok -- validation done"),
            Step("--schemafile {apps}/papers/schema.json {apps}/papers/right.json", "ok -- validation done"),
            Step("--schemafile {apps}/papers/schema.json {apps}/papers/wrong.json", "'tall' is not of type 'integer'", exits=1),
            Step("--builtin-schema vendor.github-workflows {apps}/papers/wrong.json", "'jobs' is a required property", exits=1, traced=True),
        ),
    ),
    Application(
        "babel",
        {"with_": ["babel"], "console_script": "pybabel"},
        "pybabel",
        (
            Step("--list-locales", "de_AT +German"),
            Step("extract --omit-header -o garden.pot {apps}/garden", "writing PO template file", traced=True),
            Step("init -l pl -i garden.pot -d locale", "creating catalog"),
            Step("compile -d locale", "compiling catalog"),
            Step("{apps}/papers/dates.py", "Donnerstag, 2. Jänner 2020 .*ドイツ語", module=True),
        ),
        varies=r"\d{4}-\d\d-\d\d \d\d:\d\d\+\d{4}",
    ),
    Application(
        "esptool",
        {"with_": ["esptool"], "console_script": "esptool"},
        "esptool",
        (
            Step("version", r"\d+\.\d+"),
            Step("-m espefuse --virt --chip esp32 summary", "MAC", module=True, traced=True),
            Step("{apps}/papers/stubs.py", "esp32c3 [1-9]", module=True),
            Step("--chip esp32 merge-bin -o merged.bin 0x1000 {apps}/papers/right.json", "Wrote"),
        ),
    ),
)


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as listing and copying one file asks for."""

    def do_GET(self):
        if self.path == "/leaves/leaf.txt":
            return self.answer("grün\n".encode(), "text/plain")
        bucket = b"<Bucket><Name>leaves</Name><CreationDate>2020-01-02T03:04:05.000Z</CreationDate></Bucket>"
        name = b'<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets>%s</Buckets></ListAllMyBucketsResult>'
        self.answer(name % bucket, "application/xml")

    do_HEAD = do_GET

    def answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        headers = {"Content-Type": kind, "Content-Length": len(content), "Last-Modified": "Thu, 02 Jan 2020 03:04:05 GMT", "ETag": '"1"'}
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server that answers as S3 does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield "http://127.0.0.1:%d" % server.server_port
        server.shutdown()


ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda application: application.name)
def test_application_says_and_writes_what_it_does_installed(application, version, shared, tmp_path, endpoint):
    python = interpreters()[version]
    app = app_file(shared, application.name, python, application.start)
    root = environment(shared, app, python)
    source = application.start.get("source")
    both = {"installed": installed(root, application.installed.split(), source), "bundled": bundled(app, python)}
    outcomes = {}
    for name, side in both.items():
        outcomes[name] = outcome(application, side, tmp_path / name / "here", endpoint, ENVIRONMENT)
    (said, files), (expected_said, expected_files) = outcomes["bundled"], outcomes["installed"]
    assert said == expected_said
    assert dict(files.items() - expected_files.items()) == dict(expected_files.items() - files.items())
    assert [path.name for path in app.parent.iterdir()] == [app.name]


def outcome(application: Application, side: Side, directory: Path, endpoint: str, env: Mapping[str, str]) -> tuple[list, dict]:
    """Do all steps and return exit code and output of each, and the files that there are."""
    directory.mkdir(parents=True)
    said = []
    for step in application.steps:
        words = [word.format(endpoint=endpoint, apps=APPS) for word in step.words.split()]
        ran = side.run(directory, words, step.module, step.traced, {**env, "GARDEN_DATA": str(directory)})
        assert ran[0] == step.exits, ran[2]
        assert re.search(step.says, ran[1] + ran[2], re.DOTALL), ran[1] + ran[2]
        said.append((step.words, *(re.sub(application.varies, "", text) for text in ran[1:3]), ran[3]))
    return said, tree(directory, application.varies, application.leave_out)


#: What is done with an app built without options, and what it says of itself.
REFUSED = {
    "garden makemigrations --empty garden": (
        r"OSError: \[Errno 30\] Read-only file system: '<code>/garden/migrations/0003_\w+.py'\n`<code>` is read-only: .*`--files disk=GLOB`"
    ),
    "garden migrate": r"OperationalError: unable to open database file\n`<code>` is read-only: a new database must go elsewhere\n",
    "garden collectstatic --noinput": r"Read-only file system: '<code>/garden/static/admin'\n`<code>` is read-only: .*`--files disk=GLOB`",
}


@pytest.mark.parametrize("command", REFUSED)
@pytest.mark.parametrize("version", VERSIONS)
def test_refusal_names_the_option_that_helps(command, version, shared, tmp_path):
    name, *words = command.split()
    (start,) = (application.start for application in APPLICATIONS if application.name == name)
    python = interpreters()[version]
    if "files" in start:
        name, start = name + "-in-memory", {**start, "files": []}
    exits, _, said, _ = bundled(app_file(shared, name, python, start), python).run(tmp_path, words)
    assert exits == 1
    assert re.search(REFUSED[command], said), said
