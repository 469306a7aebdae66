from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bundler.collect import content
from bundler.errors import ConflictError, RequirementError
from bundler.installed import read
from made_wheels import digest, make_installed, make_tree

CONSOLE = "[console_scripts]\napp = app.cli:main [extra]\n\n[gui_scripts]\nwin = app:win\n\n[other]\nx = y:z\n"


def paths(directory: Path, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in read(directory, exclude)[1]]


def test_distribution_and_its_files_are_read(tmp_path):
    make_installed(tmp_path, "App", {"app/__init__.py": "", "app/data/ä b.txt": "x"}, entry_points=CONSOLE)
    distributions, files = read(tmp_path)
    assert [(each.name, each.version, each.metadata) for each in distributions] == [("App", "1.0", "App-1.0.dist-info")]
    assert distributions[0].console_scripts == {"app": "app.cli:main"}
    assert [file.path for file in files] == [
        "App-1.0.dist-info/METADATA", "App-1.0.dist-info/RECORD", "App-1.0.dist-info/entry_points.txt",
        "app/__init__.py", "app/data/ä b.txt",
    ]  # fmt: skip
    assert {file.owner for file in files} == {"App"}


@pytest.mark.parametrize("line", ["app", "app : app.cli:main", "[other", "app.cli:main"])
def test_line_that_is_no_entry_point_is_named(tmp_path, line):
    make_installed(tmp_path, "App", {"app.py": ""}, entry_points=f"# scripts\n[console_scripts]\n\n{line}\n")
    with pytest.raises(RequirementError) as caught:
        read(tmp_path)
    assert caught.value.message == f"`App-1.0.dist-info/entry_points.txt`, line 4: `{line}` is no entry point"
    assert caught.value.hint == "the distribution cannot be installed as it is: try another version of it"


@pytest.mark.parametrize("line", ["app =", "app = -:main", "= app:main"])
def test_entry_point_that_names_no_module_has_no_script(tmp_path, line):
    entry_points = f"[console_scripts]\n{line}\nother = app:other\n"
    make_installed(tmp_path, "App", {"app.py": "", "bin/odd": "#!python\nimport app\n"}, entry_points=entry_points)
    ((distribution,), _) = read(tmp_path)
    assert distribution.console_scripts["other"] == "app:other"
    assert "app" not in distribution.console_scripts


def test_distributions_are_in_order_of_their_normalised_names(tmp_path):
    for name in ("b", "A", "C_c"):
        make_installed(tmp_path, name, {f"{name}.py": ""})
    assert [each.name for each in read(tmp_path)[0]] == ["A", "b", "C_c"]


@pytest.mark.parametrize(
    "path",
    [
        "App-1.0.dist-info/INSTALLER", "App-1.0.dist-info/REQUESTED", "App-1.0.dist-info/direct_url.json",
        "App-1.0.dist-info/uv_cache.json", "app/__pycache__/x.cpython-311.pyc", "app/__init__.pyc", "_virtualenv.py",
        ".lock", "~pp/__init__.py", "bin/app", "bin/win", "bin/app.exe",
    ],
)  # fmt: skip
def test_what_belongs_to_the_machine_is_left_out(tmp_path, path):
    make_installed(tmp_path, "App", {"app/__init__.py": "", path: "{}"}, entry_points=CONSOLE)
    assert path not in paths(tmp_path)
    record = next(file for file in read(tmp_path)[1] if file.path.endswith("RECORD"))
    assert path.encode() not in content(record)


@pytest.mark.parametrize(
    "path", ["app/templates/.gitignore", "app/old.pyc", "app/.idea/x", "distutils-precedence.pth", "app/INSTALLER"]
)
def test_what_a_dependency_ships_stays(tmp_path, path):
    make_installed(tmp_path, "App", {"app/__init__.py": "", path: ""})
    assert path in paths(tmp_path)


def test_record_lists_what_is_in_the_bundle_and_nothing_else(tmp_path):
    make_installed(
        tmp_path, "app", {"app/z.py": "1", "app/a.py": "2", "app/a,b.txt": "3", "app/no.txt": ""}, entry_points=CONSOLE
    )
    make_tree(tmp_path, {"app/gone.py": "", "app/a.py": "changed since"})
    (tmp_path / "app/gone.py").unlink()
    found = {file.path: file for file in read(tmp_path, ["no.txt"])[1]}
    rows = list(csv.reader(content(found["app-1.0.dist-info/RECORD"]).decode().splitlines()))
    assert [row[0] for row in rows] == sorted(found)
    for path, recorded, size in rows:
        data = content(found[path])
        assert (recorded, size) == (("", "") if path.endswith("RECORD") else (digest(data), str(len(data))))


def test_record_does_not_depend_on_the_installer(tmp_path):
    made = []
    for name, script, installer in [("a", "bin/tool", "uv"), ("b", "../../bin/tool", "pip")]:
        root = make_installed(
            tmp_path / name,
            "app",
            {"app.py": "", "bin/tool": f"#!/{name}/python\nprint()\n"},
            extra_metadata={"INSTALLER": installer},
        )
        record = root / "app-1.0.dist-info/RECORD"
        record.write_text(record.read_text().replace("bin/tool", script))
        record.chmod(0o755 if name == "a" else 0o644)
        distributions, files = read(root)
        made.append(
            (
                [(file.path, content(file), file.executable) for file in files],
                [list(each.script_files) for each in distributions],
            )
        )
    assert made[0] == made[1]
    assert made[0][1] == [["tool"]]


def test_script_that_a_wheel_carries_is_the_distributions(tmp_path):
    make_installed(tmp_path, "app", {"app.py": "", "bin/tool": "#!/x/python3\nprint()\n", "bin/tool.sh": "#!/bin/sh\n"})
    distributions, files = read(tmp_path)
    assert distributions[0].script_files == {"tool": tmp_path / "bin/tool"}
    assert not [file for file in files if file.path.startswith("bin/")]


def test_script_outside_is_found_through_record(tmp_path):
    site = make_installed(
        tmp_path / "lib/python3.11/site-packages", "app", {"app.py": ""}, entry_points=CONSOLE,
        outside={"../../../bin/tool": "#!/x/python3\nprint()\n", "../../../bin/app": "#!/x/python3\n", "../../../share/man/app.1": ""},
    )  # fmt: skip
    distributions, files = read(site)
    assert [(name, path.resolve()) for name, path in distributions[0].script_files.items()] == [
        ("tool", (tmp_path / "bin/tool").resolve())
    ]
    assert all(".." not in file.path and "man" not in file.path for file in files)


@pytest.mark.parametrize("place", ["bin/", "Scripts/", "../../../bin/"])
def test_program_that_a_wheel_carries_stays(tmp_path, place):
    site = tmp_path / "lib/python3.11/site-packages"
    program = {place + "tool": "\x7fELF", place + "app": "\x7fELF", place + "win.exe": "MZ"}
    make_installed(site, "app", {"app.py": ""}, entry_points=CONSOLE, outside=program)
    distributions, files = read(site)
    (found,) = (file for file in files if file.path.startswith("bin/"))
    assert (found.path, found.executable, found.owner) == ("bin/tool", True, "app")
    assert found.origin.resolve() == (site / place / "tool").resolve()
    assert distributions[0].script_files == {}
    record = next(file for file in files if file.path.endswith("RECORD"))
    assert [row[0] for row in csv.reader(content(record).decode().splitlines())][-1] == "bin/tool"
    assert "bin/tool" not in paths(site, ("bin/",))


def test_package_called_bin_is_a_package(tmp_path):
    make_installed(tmp_path, "app", {"bin/__init__.py": "", "bin/x.py": ""})
    assert {"bin/__init__.py", "bin/x.py"} < set(paths(tmp_path))


def test_egg_info_and_metadata_without_record_are_distributions(tmp_path):
    make_tree(tmp_path, {
        "old.egg-info/PKG-INFO": "Metadata-Version: 1.0\nName: old\nVersion: 2\n", "old.egg-info/top_level.txt": "olden\n",
        "olden/__init__.py": "", "flat-3-py3.9.egg-info": "Metadata-Version: 1.0\nName: flat\nVersion: 3\n",
        "bare-4.dist-info/METADATA": "Metadata-Version: 2.1\nName: bare\nVersion: 4\n", "stray.py": "",
    })  # fmt: skip
    distributions, files = read(tmp_path)
    assert [(each.name, each.version) for each in distributions] == [("bare", "4"), ("flat", "3"), ("old", "2")]
    owners = {file.path: file.owner for file in files}
    assert owners["olden/__init__.py"] == owners["old.egg-info/PKG-INFO"] == "old"
    assert owners["stray.py"] == tmp_path.name
    assert owners["bare-4.dist-info/METADATA"] == "bare"


@pytest.mark.parametrize(
    "files",
    [
        {"a-1.0.dist-info/direct_url.json": '{"url": "file:///x", "dir_info": {"editable": true}}'},
        {"__editable__.a-1.0.pth": "/x\n"},
        {"a.egg-link": "/x\n.\n"},
    ],
)
def test_editable_distribution_is_named(tmp_path, files):
    make_tree(make_installed(tmp_path, "a", {"a.py": ""}), files)
    with pytest.raises(RequirementError) as caught:
        read(tmp_path)
    assert caught.value.message == f"`a` in `{tmp_path}` is an editable install: its files lie elsewhere"
    assert caught.value.hint == "install it without `-e`"


def test_path_file_that_leads_outside_is_named(tmp_path):
    site = make_tree(tmp_path / "site", {"own.pth": f"# a\n{tmp_path}\n"})
    with pytest.raises(RequirementError) as caught:
        read(site)
    assert caught.value.message == f"`{site / 'own.pth'}` leads outside: what it adds would not be in the bundle"


@pytest.mark.parametrize("text", ["import x; x.y()\n", "sub\n", "# /tmp\n", "/not/there/at/all\n", "\n"])
def test_path_file_that_stays_inside_is_an_ordinary_file(tmp_path, text):
    make_tree(tmp_path, {"x.pth": text, "sub/a.py": ""})
    assert "x.pth" in paths(tmp_path)


def two(tmp_path: Path, first: dict[str, str], second: dict[str, str]) -> Path:
    """Install two distributions over each other, as pip does: the second one's files stay."""
    make_installed(tmp_path, "one", first)
    return make_installed(tmp_path, "two", second)


@pytest.mark.parametrize(
    "first, second",
    [
        ({"cv/__init__.py": "1=1", "cv/a.py": "1"}, {"cv/__init__.py": "1=1", "cv/a.py": "2"}),
        ({"six.py": "1"}, {"six.py": "2", "other.py": ""}),
        ({"cv/a.so": "1", "one.libs/a.so": ""}, {"cv/a.so": "2", "two.libs/a.so": ""}),
        ({"y/__init__.py": "1", "_y/__init__.py": "1"}, {"y/__init__.py": "2", "_y/__init__.py": "1"}),
    ],
)
def test_module_that_two_distributions_are_for_is_a_conflict(tmp_path, first, second):
    with pytest.raises(ConflictError) as caught:
        read(two(tmp_path, first, second))
    path = next(path for path in first if first[path] != second.get(path))
    assert caught.value.message == f"two distributions claim `{path}`: `one` and `two`"
    assert read(tmp_path, [path])


@pytest.mark.parametrize(
    "first, second",
    [
        ({"a.py": "", "tests/__init__.py": "1"}, {"b.py": "", "tests/__init__.py": "2"}),
        ({"ns/a.py": "", "samples/__init__.py": "1"}, {"ns/b.py": "", "samples/__init__.py": "2"}),
        ({"LICENSE": "1"}, {"LICENSE": "2"}),
        ({"ns/__init__.py": "# one", "ns/a.py": ""}, {"ns/__init__.py": "", "ns/b.py": ""}),
        (
            {"ns/__init__.py": "1"},
            {"ns/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)"},
        ),
        ({"same.py": "1"}, {"same.py": "1"}),
    ],
)
def test_files_beside_the_point_may_be_in_two_distributions(tmp_path, first, second):
    assert read(two(tmp_path, first, second))


def test_directory_that_is_none_is_refused(tmp_path):
    with pytest.raises(RequirementError) as caught:
        read(tmp_path / "none")
    assert caught.value.message == f"no such directory: `{tmp_path / 'none'}`"
