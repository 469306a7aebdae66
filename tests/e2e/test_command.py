"""The command line as its users meet it: what it prints, where, and what it exits with."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``bundler`` in ``cwd``, with no terminal and a cache of its own."""
    command = [sys.executable, "-m", "bundler", *map(str, arguments)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cwd / ".cache"), "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=cwd, env={**variables, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A directory with the sources of a small application in ``app``."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "tool.py").write_text("def main():\n    print('ran')\n")
    return tmp_path


def test_build_prints_one_line_on_stdout_and_exits_0(here: Path) -> None:
    built = run("build", "app", "-e", "tool:main", "-o", "a b é.pyz", cwd=here)
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    assert re.fullmatch(
        r"wrote `a b é\.pyz`: \d+\.\d kB, 1 modules, zlib, decoded by every Python\n", built.stdout
    ), built.stdout
    started = subprocess.run([sys.executable, "-I", here / "a b é.pyz"], capture_output=True, text=True, cwd="/")
    assert (started.returncode, started.stdout) == (0, "ran\n")


def test_quiet_prints_nothing_and_verbose_its_decisions(here: Path) -> None:
    assert run("build", "app", "-e", "tool:main", "-o", "x.pyz", "-q", cwd=here).stdout == ""
    verbose = run("build", "app", "-e", "tool:main", "-o", "x.pyz", "-v", cwd=here)
    assert "stage: compiling" in verbose.stderr
    assert "of 1 modules a start imports about 1" in verbose.stderr


def test_output_starts_by_itself_through_its_shebang(here: Path) -> None:
    run("build", "app", "-e", "tool:main", "-p", sys.executable, "-o", "tool", cwd=here)
    assert (here / "tool").read_bytes().startswith(b"#!%s\n" % sys.executable.encode())
    assert subprocess.run([here / "tool"], capture_output=True, text=True).stdout == "ran\n"


BAD = {
    "no such path": (["nosuch", "-o", "x.pyz"], "error: no such file or directory: `nosuch`", "hint: check the spelling"),
    "an empty tree": (["empty", "-o", "x.pyz"], "error: nothing to bundle in `empty`", "hint: a directory needs a module or a package in it"),
    "a source that does not compile": (
        ["syntax", "-o", "x.pyz"],
        "error: `syntax/__main__.py`, line 2 does not compile: invalid syntax: `def f(:`",
        "hint: mend it, or leave it out with `--exclude __main__.py`",
    ),
    "no such module": (["app", "-e", "too", "-o", "x.pyz"], "error: there is no module `too` in the bundle", "hint: did you mean `tool`?"),
    "no such callable": (["app", "-e", "tool:man", "-o", "x.pyz"], "error: `tool.py` defines no `man`", "hint: did you mean `tool:main`?"),
    "no entry point": (["app", "-o", "x.pyz"], "error: nothing says what `app` runs: it has no `__main__.py`", "hint: choose from `-e tool`"),
    "two files for one module": (
        ["twice", "-o", "x.pyz"],
        "error: two files claim the module `a`: `a.py` and `a/__init__.py`",
        "hint: remove one of them, or leave it out with `--exclude`",
    ),
    "a module that shadows the standard library": (
        ["shadow", "-o", "x.pyz"],
        "error: `shadow/types.py` shadows the module `types` of the standard library",
        "hint: rename it, or leave it out with `--exclude /types.py`",
    ),
    "output is a directory": (["app", "-e", "tool", "-o", "empty"], "error: `empty` is a directory", "hint: name the file to write: `-o empty/app.pyz`"),
    "no directory for the output": (
        ["app", "-e", "tool", "-o", "nodir/x.pyz"],
        "error: there is no directory `nodir`",
        "hint: create it, or name another with `-o`",
    ),
    "output that cannot be written": (["app", "-e", "tool", "-o", "/proc/x.pyz"], "error: `/proc/x.pyz` cannot be written: No such file or directory", "hint: name another place with `-o`"),
    "not a requirement": (
        ["app", "-e", "tool", "--with", "fla sk", "-o", "x.pyz"],
        "error: `fla sk` is not a requirement: Expected semicolon (after name with no version specifier) or end",
        "hint: write it as PEP 508 says, such as `rich>=13`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_a_hint(here: Path, case: str) -> None:
    arguments, error, hint = BAD[case]
    if "/proc/x.pyz" in arguments and os.geteuid():
        pytest.skip("only root is let as far as that")
    (here / "empty").mkdir()
    for name, text in {
        "syntax/__main__.py": "pass\ndef f(:\n",
        "twice/__main__.py": "",
        "twice/a.py": "",
        "twice/a/__init__.py": "",
        "shadow/__main__.py": "",
        "shadow/types.py": "",
    }.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text)
    (here / "x.pyz").write_bytes(b"old")
    before = sorted(here.iterdir())
    failed = run("build", *arguments, cwd=here)
    assert failed.returncode == 1
    assert failed.stderr == "%s\n\n%s\n" % (error, hint)
    assert failed.stdout == ""
    assert (here / "x.pyz").read_bytes() == b"old"
    assert sorted(path for path in here.iterdir() if path.name != ".cache") == before


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["build", "app"], "Missing option '-o'"),
        (["build", "-o", "x.pyz"], "there is nothing to build"),
        (["build", "app", "-o", "x.pyz", "-e", "a", "-c", "b"], "`-c` and `-e` both name an entry point"),
        (["build", "app", "-o", "x.pyz", "-e", "tool", "--level", "99"], "level 99 is not between 1 and 22"),
        (["build", "app", "-o", "x.pyz", "-e", "tool", "--codec", "lzma"], "'lzma' is not one of"),
        (["build", "app", "-o", "x.pyz", "-e", "tool", "--optimize", "3"], "3 is not in the range 0<=x<=2"),
        (["biuld"], "No such command 'biuld'"),
    ],
)
def test_wrong_usage_exits_2(here: Path, arguments: list[str], text: str) -> None:
    failed = run(*arguments, cwd=here)
    assert failed.returncode == 2
    assert text in failed.stderr
    assert "Traceback" not in failed.stderr


def test_imports_that_nothing_provides_are_warned_of_with_the_option_that_helps(here: Path) -> None:
    (here / "app" / "other.py").write_text("import json\nimport yaml\ntry:\n    import ujson\nexcept ImportError:\n    pass\n")
    built = run("build", "app", "-e", "tool:main", "-o", "x.pyz", cwd=here)
    assert built.returncode == 0
    assert built.stderr == (
        "warning: app/other.py:2 imports `yaml`, which neither the bundle nor the standard library has\n"
        "  hint: `--with PyYAML`\n"
    )


def test_project_file_next_door_gets_a_hint(here: Path) -> None:
    (here / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    built = run("build", "app", "-e", "tool:main", "-o", "x.pyz", cwd=here)
    assert built.stderr == (
        "warning: `%s` lies next to `app` and is not read\n"
        "  hint: `bundler build %s` takes its dependencies and scripts from there\n" % (here / "pyproject.toml", here)
    )


def test_full_disk_is_said_and_leaves_nothing(here: Path) -> None:
    full = here / "full"
    full.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20k", "tmpfs", full], capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        failed = run("build", "app", "-e", "tool:main", "-o", full / "x.pyz", cwd=here)
        assert failed.returncode == 1
        assert failed.stderr.startswith("error: no space left for `%s`\n" % (full / "x.pyz"))
        assert list(full.iterdir()) == []
    finally:
        subprocess.run(["umount", full], check=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killed_build_leaves_the_old_file_whole_and_no_litter(here: Path, number: signal.Signals) -> None:
    for index in range(400):
        (here / "app" / ("m%d.py" % index)).write_text("x = %r\n" % ["%d %d" % (index, line) for line in range(300)])
    (here / "out").mkdir()
    (here / "out" / "x.pyz").write_bytes(b"old")
    (here / "tmp").mkdir()
    command = [sys.executable, "-m", "bundler", "build", "app", "-e", "tool:main", "-o", "out/x.pyz", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(here / "tmp")}
    for delay in (0.2, 0.5, 0.8):
        process = subprocess.Popen(command, cwd=here, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode in (128 + number, -number)
        if (here / "out" / "x.pyz").read_bytes() != b"old":
            # killed when all was done: the new file is whole
            assert subprocess.run([sys.executable, here / "out" / "x.pyz"], capture_output=True, text=True).stdout == "ran\n"
            break
        assert [path.name for path in (here / "out").iterdir()] == ["x.pyz"]
        if number != signal.SIGKILL:
            assert list((here / "tmp").iterdir()) == []


def test_help_names_every_option(here: Path) -> None:
    text = run("build", "--help", cwd=here).stdout
    for option in (
        "--output --with --requirements --site-packages --console-script --entry-point --python --codec --level "
        "--optimize --exclude --no-source --quiet --verbose --library --no-cache"
    ).split():
        assert option in text


def test_broken_pipe_ends_quietly(here: Path) -> None:
    command = "%s -m bundler build --help | true; exit ${PIPESTATUS[0]}" % sys.executable
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True)
    assert ended.stderr == ""
    assert ended.returncode in (0, 1)  # 0 if all was written before the reader went


@pytest.mark.parametrize(
    ("arguments", "kept", "error"),
    [
        (["app/tool.py", "-o", "app/tool.py"], "app/tool.py", "`app/tool.py` is what is to be built from"),
        (["app/tool.py", "-o", "app/link"], "app/tool.py", "`app/link` is what is to be built from"),
        (["app", "-e", "tool", "-r", "r.txt", "-o", "r.txt"], "r.txt", "`r.txt` is what is to be built from"),
        (["app", "-e", "tool", "-o", "app/other.py"], "app/other.py", "`app/other.py` is a source in `app`"),
    ],
)
def test_output_never_replaces_what_is_built_from(here: Path, arguments: list[str], kept: str, error: str) -> None:
    (here / "r.txt").write_text("# nothing\n")
    (here / "app" / "other.py").write_text("pass\n")
    (here / "app" / "link").symlink_to("tool.py")
    before = (here / kept).read_bytes()
    failed = run("build", *arguments, cwd=here)
    assert failed.returncode == 1
    assert failed.stderr == "error: %s\n\nhint: name another file with `-o`\n" % error
    assert (here / kept).read_bytes() == before


def test_output_inside_the_sources_can_be_built_again(here: Path) -> None:
    for _ in range(2):
        assert run("build", "app", "-e", "tool:main", "-o", "app/all.py", cwd=here).stderr == ""
        assert "1 modules" in run("build", "app", "-e", "tool:main", "-o", "app/all.py", cwd=here).stdout


def test_link_as_output_stays_and_what_it_leads_to_is_replaced(here: Path) -> None:
    (here / "releases").mkdir()
    (here / "x.pyz").symlink_to("releases/1.pyz")
    for _ in range(2):  # leading to nothing, then to a file
        assert run("build", "app", "-e", "tool:main", "-o", "x.pyz", cwd=here).stderr == ""
        assert (here / "x.pyz").is_symlink()
        assert [path.name for path in (here / "releases").iterdir()] == ["1.pyz"]
    started = subprocess.run([sys.executable, "x.pyz"], cwd=here, capture_output=True, text=True)
    assert started.stdout == "ran\n"


def test_name_that_is_too_long_is_said(here: Path) -> None:
    failed = run("build", "app", "-e", "tool:main", "-o", "x" * 300, cwd=here)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: `%s` cannot be written: " % ("x" * 300))


@pytest.mark.parametrize(
    ("redirection", "status", "said"),
    [("2>&-", 0, ""), (">/dev/full", 1, "error: No space left on device\n"), (">&- 2>&- <&-", 0, "")],
)
def test_build_needs_no_standard_streams(here: Path, redirection: str, status: int, said: str) -> None:
    command = "exec %s -m bundler build app -e tool:main -o x.pyz %s" % (sys.executable, redirection)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    built = subprocess.run(["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (status, said)
    assert (here / "x.pyz").exists()


def test_dependency_may_have_what_an_application_must_not(here: Path) -> None:
    for name, text in {
        "odd.py": "",
        "odd/__init__.py": "def main(): print('package')",
        "types.py": "",
        "odd-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: odd\nVersion: 1\n",
        "odd-1.dist-info/entry_points.txt": "[console_scripts]\nodd = odd:main\n",
        "odd-1.dist-info/RECORD": "odd.py,,\nodd/__init__.py,,\ntypes.py,,\nodd-1.dist-info/RECORD,,\n",
    }.items():
        (here / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "tree" / name).write_text(text)
    built = run("build", "--site-packages", "tree", "-c", "odd", "-o", "x.pyz", cwd=here)
    assert (built.returncode, built.stderr) == (0, "")
    started = subprocess.run([sys.executable, "-I", "x.pyz"], cwd=here, capture_output=True, text=True)
    assert started.stdout == "package\n", started.stderr


@pytest.mark.parametrize("kind", ["script", "project"])
def test_python_that_is_required_and_not_there_is_said(here: Path, kind: str) -> None:
    (here / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.99'\n")
    (here / "s.py").write_text("# /// script\n# requires-python = '>=3.99'\n# ///\n")
    failed = run("build", "s.py" if kind == "script" else ".", "-o", "x.pyz", cwd=here)
    assert failed.returncode == 1
    name, version = ("s.py" if kind == "script" else "x"), "%d.%d.%d" % sys.version_info[:3]
    assert failed.stderr == (
        "error: `%s` requires Python >=3.99, the build is for Python %s\n\n"
        "hint: name another Python with `-p`, such as `-p 3.14`\n" % (name, version)
    )


def test_files_on_disk_are_told_and_a_pattern_that_matches_nothing_is_warned_of(here: Path) -> None:
    (here / "app" / "data.txt").write_text("text")
    built = run("build", "app", "-e", "tool:main", "-o", "x.pyz", "-v", "--files", "disk=*.txt", "--files", "memory=no such", cwd=here)
    assert built.returncode == 0
    assert "files: overlay not needed, as no module opens files next to itself\n" in built.stderr
    assert "files: 1 on disk while the app runs, imported from there: data, tool\n" in built.stderr
    assert "warning: `--files memory=no such` matches no file of the bundle\n  hint: patterns are those of `--exclude`\n" in built.stderr
    wrong = run("build", "app", "-e", "tool:main", "-o", "x.pyz", "--files", "often", cwd=here)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: `--files often` is none of its values\n")


def test_several_targets_are_told_and_info_tells_them_again(here: Path) -> None:
    own = "%d%d" % sys.version_info[:2]
    built = run("build", "app", "-e", "tool:main", "-o", "x.pyz", "--target", "current", "--target", "cp399-win_amd64", cwd=here)
    assert (built.returncode, built.stderr) == (0, "")
    _, targets, sources = built.stdout.splitlines()
    assert re.fullmatch(rf"for cp399-win_amd64, cp{own}-\w+", targets)
    assert sources == "sources only, as no Python of their version is here: cp399-win_amd64"
    told = run("info", "x.pyz", cwd=here)
    assert (told.returncode, told.stderr) == (0, "")
    entry, identity, size, foreign, mine = told.stdout.splitlines()
    assert entry == "entry: callable tool main"
    assert re.fullmatch("identity: [0-9a-f]{64}", identity)
    assert foreign == "target: cp399-win_amd64 (demands py3-none-any; no bytecode, sources)"
    assert re.fullmatch(rf"target: cp{own}-\w+ \(demands py3-none-any; bytecode of level 0, sources\)", mine)
    account = json.loads(run("info", "x.pyz", "--json", cwd=here).stdout)
    assert account["identity"] == identity.partition(": ")[2]
    assert re.fullmatch(r"size: [0-9.]+ kB: runtime and launcher [0-9.]+ kB, index [0-9.]+ kB, \w+ \d+ bytes, \w+ \d+ bytes", size)
    assert sum(account["sizes"].values()) == (here / "x.pyz").stat().st_size
    assert [target["name"] for target in account["targets"]] == targets.removeprefix("for ").split(", ")


def test_info_of_what_is_no_app_file_is_one_line_and_a_hint(here: Path) -> None:
    for name, message in (("app/tool.py", "`app/tool.py` is no app file, or damaged"), ("none", "`none` cannot be read: No such file or directory")):
        told = run("info", name, cwd=here)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.splitlines()[0] == "error: " + message
