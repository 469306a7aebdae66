"""Wheels for a Python and platform that are not here are chosen by its tags and markers, by uv and by pip alike."""

from __future__ import annotations

import sys

import pytest
from known_targets import TARGETS
from local_index import only
from made_wheels import make_tree, make_wheel

from bundler import requirements, resolving, targets
from bundler.errors import RequirementError
from bundler.report import Report

CURRENT = next(each for each in TARGETS if each.version[:2] == sys.version_info[:2])
TAGS = (
    "cp313-cp313-manylinux_2_28_x86_64",
    "cp313-cp313-manylinux_2_17_aarch64",
    "cp313-cp313t-manylinux_2_28_x86_64",
    "cp313-cp313-musllinux_1_2_x86_64",
    "cp313-cp313-macosx_11_0_arm64",
    "cp313-cp313-win_amd64",
    "cp39-abi3-manylinux_2_28_x86_64",
)


@pytest.fixture(params=["uv", "pip"])
def installer(request, tmp_path, monkeypatch):
    """Wheels of ``native`` for several platforms, of ``app``, which needs others there, and of ``old``, whose versions need Pythons."""
    index = tmp_path / "wheels"
    for tag in TAGS:
        make_wheel(index, "native", "1.0", {"native.py": f"TAG = {tag!r}\n"}, tag=tag)
    conditions = ("colour; sys_platform == 'win32'", "arms; platform_machine == 'aarch64'", "backport; python_version < '3.11'")
    make_wheel(index, "app", "1.0", {"app.py": ""}, requires=conditions)
    for name in ("colour", "arms", "backport"):
        make_wheel(index, name, "1.0", {name + ".py": ""})
    make_wheel(index, "growing", "1.0", {"growing.py": ""})
    make_wheel(index, "growing", "2.0", {"growing.py": ""}, requires_python=">=3.12")
    make_wheel(index, "moving", "1.0", {"moving.py": ""}, tag="cp39-cp39-win_amd64")
    make_wheel(index, "moving", "2.0", {"moving.py": ""}, tag="cp313-cp313-win_amd64")
    only(request.param, index, tmp_path, monkeypatch)
    return request.param


def target(name):
    (found,) = targets.read([name], None, [], CURRENT, lambda version, flags: None)
    return found


def installed(tmp_path, name, *asked):
    tree = tmp_path / name
    requirements.install(asked, [], target(name), tree, report=lambda text: None)
    return tree


@pytest.mark.parametrize(
    "name, tag",
    [
        ("cp313-manylinux_2_39_x86_64", "cp313-cp313-manylinux_2_28_x86_64"),
        ("cp313-manylinux_2_17_aarch64", "cp313-cp313-manylinux_2_17_aarch64"),
        ("cp313t-manylinux_2_28_x86_64", "cp313-cp313t-manylinux_2_28_x86_64"),
        ("cp313-musllinux_1_2_x86_64", "cp313-cp313-musllinux_1_2_x86_64"),
        ("cp313-macosx_11_0_arm64", "cp313-cp313-macosx_11_0_arm64"),
        ("cp310-manylinux_2_28_x86_64", "cp39-abi3-manylinux_2_28_x86_64"),
    ],
)
def test_wheel_is_chosen_by_the_tags_of_the_target(installer, tmp_path, name, tag):
    tree = installed(tmp_path, name, "native")
    assert (tree / "native.py").read_text() == f"TAG = {tag!r}\n"


@pytest.mark.parametrize(
    "name, also",
    [
        ("cp313-win_amd64", {"colour"}),
        ("cp39-musllinux_1_2_aarch64", {"arms", "backport"}),
        ("cp310-macosx_11_0_arm64", {"backport"}),
    ],
)
def test_markers_are_judged_for_the_target(installer, tmp_path, name, also):
    tree = installed(tmp_path, name, "app")
    assert {path.stem for path in tree.glob("*.py")} == {"app", *also}


@pytest.mark.parametrize("name", ["cp313-manylinux_2_17_x86_64", "cp313t-win_amd64"])
def test_target_without_a_wheel_is_told_with_its_name(installer, tmp_path, name):
    with pytest.raises(RequirementError) as caught:
        installed(tmp_path, name, "native")
    assert caught.value.message.startswith(f"cannot install `native` for `{name}`: ")
    assert caught.value.hint == "for another platform or Python wheels are taken and nothing is built: `--with` takes the path of a wheel, too"


NEW, OLD = "cp313-win_amd64", "cp39-win_amd64"


def resolved(tmp_path, *asked, universal=False):
    _, trees = resolving.install(asked, [], [target(NEW), target(OLD)], tmp_path / "trees", Report(), universal)
    return [resolving.installed_versions(tree) for tree in trees]


def test_each_target_gets_the_newest_version_that_it_runs(installer, tmp_path):
    assert resolved(tmp_path, "growing") == [{"growing": "2.0"}, {"growing": "1.0"}]


def test_universal_gives_all_the_version_of_the_oldest(installer, tmp_path):
    assert resolved(tmp_path, "growing", universal=True) == [{"growing": "1.0"}, {"growing": "1.0"}]


def test_universal_fails_where_no_version_serves_all(installer, tmp_path):
    with pytest.raises(RequirementError) as caught:
        resolved(tmp_path, "moving", universal=True)
    assert caught.value.message.startswith(f"there is no one version for all targets: cannot install `moving` for `{NEW}`: ")


def test_local_project_is_built_here_once_for_all(installer, tmp_path, monkeypatch):
    builder = 'import os\n\ndef build_wheel(directory, settings=None, metadata=None):\n    import sys\n    sys.path.insert(0, %r)\n' % str(tmp_path)
    builder += "    from prepared import wheel\n    return wheel(directory)\n"
    project = make_tree(
        tmp_path / "my project",
        {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "builder"\nbackend-path = ["."]\n[project]\nname = "mine"\nversion = "1.0"\n',
            "builder.py": builder,
        },
    )
    (tmp_path / "prepared.py").write_text(
        "import shutil, os\n\ndef wheel(directory):\n    path = %r\n    shutil.copy(path, directory)\n    with open(%r, 'a') as log: log.write('built ')\n    return os.path.basename(path)\n"
        % (str(make_wheel(tmp_path / "made", "mine", "1.0", {"mine.py": ""})), str(tmp_path / "log"))
    )
    asked, trees = resolving.install([str(project)], [], [target(NEW), target(OLD)], tmp_path / "trees", Report())
    assert [(tree / "mine.py").is_file() for tree in trees] == [True, True]
    assert resolving.name_of(asked[0]) == "mine"
    assert (tmp_path / "log").read_text() == "built "


def test_local_project_that_cannot_be_built_is_told(installer, tmp_path):
    project = make_tree(
        tmp_path / "broken",
        {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "builder"\nbackend-path = ["."]\n[project]\nname = "mine"\nversion = "1.0"\n',
            "builder.py": "def build_wheel(*arguments): raise RuntimeError('no compiler here')\n",
        },
    )
    with pytest.raises(RequirementError) as caught:
        resolving.install([str(project)], [], [target(NEW)], tmp_path / "trees", Report())
    reason = "Call to `builder.build_wheel` failed (exit status: 1)" if installer == "uv" else "RuntimeError: no compiler here"
    assert caught.value.message == f"cannot build `{project}`: {reason}"
    assert caught.value.hint == "a wheel is needed for the targets that are not here: `-v` shows all of it"
