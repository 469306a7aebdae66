"""Applications with compiled code do in one file what they do installed, and write nothing; `make native` runs them on every Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from applications import SOURCE, applications
from both import MAPPED, WAYS, Ran, Sides
from interpreters import interpreters
from outcomes import read, section
from sharing import only_one
from watched import named, run_watched, tracer, unexpected, written

ROOT = Path(__file__).parents[2] / "build" / "native"
VERSIONS = [version for version in ("3.11", "3.14") if version in interpreters()]
ENVIRONMENTS = sorted({each.environment for each in applications().values()})


def test_each_application_has_a_work_and_a_reason():
    works = {path.stem for path in (SOURCE / "work").glob("*.py") if not path.stem.startswith("__")}
    assert works == set(applications())
    assert all(each.chosen_for for each in applications().values())


def test_recorded_results_are_those_of_the_list():
    for version, rows in read().items():
        assert set(rows) == {each.name for each in applications().values() if version not in each.without}, version
        assert all(set(row) == {"release", *WAYS} for row in rows.values())


def test_section_names_each_application():
    text = section(applications())
    assert all(text.count(f"\n| {each.distribution} |") == 1 for each in applications().values())


@pytest.mark.parametrize(
    ("observed", "problem"),
    [
        (Ran(0, "a\nb\n", "noise"), ""),
        (Ran(1, "", "Traceback\nImportError: x\n"), "ImportError: x"),
        (Ran(-11, "", ""), "exit code -11"),
        (Ran(0, "a\nc\n", ""), "prints `c`"),
        (Ran(0, "a\n", ""), "prints 1 of 2 lines"),
        (Ran(0, "a\nb\n", "", ["here/x"]), "writes `here/x`"),
        (Ran(0, "a\nb\n", "", ["home/1"]), ""),
        (Ran(0, "a\nb\n", "", ["home/2"]), ""),
    ],
)
def test_problem_is_said_in_a_line(observed, problem):
    assert observed.problem(Ran(0, "a\nb\n", "", ["home/1"]), ["home/2*"]) == problem


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ('7 openat(AT_FDCWD, "/a/b.so", O_RDONLY|O_CLOEXEC) = 3', set()),
        ('7 openat(AT_FDCWD, "/a/b.so", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3', {"/a/b.so"}),
        ('7 openat(AT_FDCWD, "/a/O_RDWR", O_RDONLY) = 3', set()),
        ('7 openat(AT_FDCWD, "/a", O_RDWR|O_TMPFILE|O_CLOEXEC, 0600) = 3', {"/a"}),
        ('7 openat(AT_FDCWD, "/a/b", O_RDWR) = -1 ENOENT (No such file or directory)', set()),
        ('7 openat(AT_FDCWD, "/dev/shm/x", O_RDWR|O_CREAT, 0600) = 3', set()),
        ('7 rename("/a/b", "/a/c") = 0', {"/a/b", "/a/c"}),
        ('7 mkdir("/a", 0700) = -1 EEXIST (File exists)', set()),
        ('7 mkdirat(AT_FDCWD, "a", 0700) = 0', {"a"}),
        ('7 unlink("/a") = 0', {"/a"}),
        ('7 open("/a", O_RDWR <unfinished ...>\n8 open("/b", O_RDONLY) = 3\n7 <... open resumed>) = 3', {"/a"}),
    ],
)
def test_trace_tells_what_was_written(line, paths):
    assert written(line + "\n") == paths


def test_what_is_written_where_the_list_says_is_expected():
    paths = named({"/p/h/.cache/numba/x", "/p/h/y", "/p/hide", "/p/t/scipy-yx3caca5"}, {"/p/h": "home", "/p/t": "temporary"})
    assert paths == ["/p/hide", "home/.cache/numba/x", "home/y", "temporary/scipy-????????"]
    assert unexpected(paths, ["home/.cache/numba*", "temporary/scipy-????????"]) == ["/p/hide", "home/y"]


def ways(version):
    """Return the ways in which applications do their work: mapped on one Python, since that takes another file of each, as large as an environment."""
    return (*WAYS, MAPPED) if version == VERSIONS[-1] else WAYS


@pytest.fixture(scope="module")
def sides(request, shared):
    """The applications of an environment, and their app file: installed once, and built once a session."""
    version, name = request.param
    ROOT.mkdir(parents=True, exist_ok=True)
    with only_one(shared / f"native-{version}-{name}") as new:
        made = Sides(ROOT / version / name, name, version, interpreters()[version])
        if new:
            made.build()
            if MAPPED in ways(version):
                made.build(MAPPED)
            (shared / f"native-{version}-{name}").touch()
    return made


@pytest.mark.conformance
@pytest.mark.network
@pytest.mark.parametrize("sides", [(version, name) for version in VERSIONS for name in ENVIRONMENTS], indirect=True, ids="-".join)
def test_applications_do_their_work_from_one_file_and_write_nothing(sides):
    if not tracer():
        pytest.skip("strace is needed to see what is written")
    problems = {}
    for application in sides.applications:
        expected = sides.expected(application)
        assert (expected.code, expected.printed == "") == (0, False), expected.said
        for way in ways(sides.version):
            problems[application.name, way] = sides.observed(application, way).problem(expected, application.writes)
    assert not {key: problem for key, problem in problems.items() if problem}


def test_watching_sees_what_a_program_writes(tmp_path):
    if not tracer():
        pytest.skip("strace is needed to see what is written")
    place = tmp_path / "with space ü"
    _, paths = run_watched(["/bin/sh", "-c", f'echo x > "{place}"; mv "{place}" "{place}2"; cat "{place}2" > /dev/null'], tmp_path / "trace", env={"PATH": "/usr/bin:/bin"})
    assert len(paths) == 2
