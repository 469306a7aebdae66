from __future__ import annotations

from pathlib import Path

import pytest

from bundler.collect import content, merge, own_files
from bundler.entry import added_files, find
from bundler.errors import EntryPointError, UsageError
from bundler.installed import read as read_installed
from bundler.project import read
from bundler.stages import EntryPoint
from made_wheels import make_installed, make_tree


class Bundle:
    """What there is to choose from: own files in ``src``, distributions in ``site``."""

    def __init__(self, root: Path) -> None:
        self.source = root / "src"
        self.site = root / "site"
        self.site.mkdir()
        self.kind: Path | None = None

    def own(self, files: dict[str, str], script: str | None = None) -> Bundle:
        make_tree(self.source, files)
        self.kind = self.source / script if script else self.source
        return self

    def dist(self, name: str, files: dict[str, str], *scripts: str, **more) -> Bundle:
        lines = "".join(f"{each}\n" for each in scripts)
        make_installed(self.site, name, files, entry_points=f"[console_scripts]\n{lines}" if scripts else "", **more)
        return self

    def find(self, *asked: str | None, **options) -> EntryPoint | None:
        project = read(self.kind)
        self.distributions, dependencies = read_installed(self.site)
        files = merge(own_files(project, self.site / "out.pyz", ()), dependencies)
        return find(project, self.distributions, files, *asked, **options)

    def error(self, *asked: str | None, **options) -> tuple[str, str]:
        with pytest.raises(EntryPointError) as caught:
            self.find(*asked, **options)
        return caught.value.message, caught.value.hint


@pytest.fixture
def bundle(tmp_path):
    return Bundle(tmp_path)


APP = {"app/__init__.py": "", "app/cli.py": "def main(): ...\nclass Tool:\n    run = main\n", "app/__main__.py": ""}


def test_console_script_is_found_by_name(bundle):
    bundle.dist("app", APP, "app = app.cli:main", "other = app.cli:Tool.run [fast]")
    assert bundle.find("app") == EntryPoint("app.cli", "main")
    assert bundle.find("other") == EntryPoint("app.cli", "Tool.run")


def test_own_project_goes_before_others_with_the_same_script(bundle):
    bundle.dist("aaa", {"aaa.py": "def main(): ..."}, "app = aaa:main").dist(
        "zzz", {"zzz.py": "def main(): ..."}, "app = zzz:main"
    )
    assert bundle.find("app") == EntryPoint("aaa", "main")
    assert bundle.find("app", named=["zzz>=1"]) == EntryPoint("zzz", "main")
    bundle.own({"pyproject.toml": "[project]\nname = 'ZZZ'\n"})
    assert bundle.find("app") == EntryPoint("zzz", "main")


@pytest.mark.parametrize("name, path", [("tool", ".scripts/tool.py"), ("rst.py", ".scripts/rst.py")])
def test_script_that_a_wheel_carries_is_put_into_the_bundle(bundle, name, path):
    bundle.dist("app", {**APP, f"bin/{name}": "#!/this/machine/python3\nprint('ä')\n"})
    found = bundle.find(name)
    assert found == EntryPoint(script=path)
    (file,) = added_files(found, bundle.distributions)
    assert (file.path, file.owner, content(file)) == (path, "app", "#!python\nprint('ä')\n".encode())


def test_module_needs_no_file_added(bundle):
    bundle.dist("app", APP, "app = app.cli:main")
    assert added_files(bundle.find("app"), bundle.distributions) == added_files(None, []) == []


@pytest.mark.parametrize(
    "asked, message, hint",
    [
        ("ap", "there is no console script `ap`", "did you mean `app`?"),
        ("xyz", "there is no console script `xyz`", "there are `app` and `tool`"),
        ("six", "there is no console script `six`", "`six` is a module: `-e six` runs it"),
        (
            "tool",
            "the console script `tool` of `app` leads nowhere: there is no module `app.gone` in the bundle",
            "the bundle has `app` and `six`",
        ),
    ],
)
def test_console_script_that_does_not_exist_gets_a_hint(bundle, asked, message, hint):
    bundle.dist("app", {**APP, "six.py": ""}, "app = app.cli:main", "tool = app.gone:main")
    found, suggested = bundle.error(asked)
    assert found == message
    assert suggested == hint


def test_without_any_console_script_the_hint_names_the_other_way(bundle):
    assert bundle.own({"a.py": ""}).error("app") == (
        "there is no console script `app`",
        "name a module with `-e MODULE` or `-e MODULE:CALLABLE`",
    )


@pytest.mark.parametrize(
    "asked, found",
    [
        ("app", EntryPoint("app")),
        ("app.cli", EntryPoint("app.cli")),
        ("app.cli:main", EntryPoint("app.cli", "main")),
        ("app.cli : Tool.run", EntryPoint("app.cli", "Tool.run")),
        ("app:cli.main", EntryPoint("app", "cli.main")),
        ("ns.run", EntryPoint("ns.run")),
        ("ns.tool", EntryPoint("ns.tool")),
        ("ext:anything", EntryPoint("ext", "anything")),
        ("compiled:anything", EntryPoint("compiled", "anything")),
    ],
)
def test_module_and_callable_are_found_among_the_files(bundle, asked, found):
    bundle.own(
        {
            **APP,
            "ns/run.py": "",
            "ns/tool/__main__.py": "",
            "ext.cpython-311-x86_64-linux-gnu.so": "",
            "compiled.pyc": "",
        }
    )
    assert bundle.find(None, asked) == found


@pytest.mark.parametrize(
    "asked, message, hint",
    [
        ("ap", "there is no module `ap` in the bundle", "did you mean `app`?"),
        ("unlike", "there is no module `unlike` in the bundle", "the bundle has `app` and `lib`"),
        ("app.cly:main", "there is no module `app.cly` in the bundle", "did you mean `app.cli`"),
        ("app.cli:mian", "`app/cli.py` defines no `mian`", "did you mean `app.cli:main`?"),
        ("app.cli:zzz", "`app/cli.py` defines no `zzz`", "name something that the module defines at its top level"),
        (
            "lib",
            "the package `lib` has no `__main__.py`, so it cannot be run",
            "name a callable of it: `-e lib:CALLABLE`",
        ),
        ("ns:main", "`ns` is a namespace package and has no `main`", "it has `ns.run`"),
        ("ns", "the package `ns` has no `__main__.py`, so it cannot be run", "name a callable of it: `-e ns:CALLABLE`"),
        (
            "app/cli.py",
            "`app/cli.py` is not an entry point",
            "write it as `MODULE` or `MODULE:CALLABLE`, such as `app.cli:main`",
        ),
        ("app:", "`app:` is not an entry point", "write it as `MODULE` or `MODULE:CALLABLE`, such as `app.cli:main`"),
        ("", "`` is not an entry point", "write it as `MODULE` or `MODULE:CALLABLE`, such as `app.cli:main`"),
        ("script", "there is no module `script` in the bundle", "`script` is a console script: `-c script` runs it"),
    ],
)
def test_entry_point_that_does_not_exist_gets_a_hint(bundle, asked, message, hint):
    bundle.own({**APP, "lib/__init__.py": "", "ns/run.py": ""}).dist(
        "dep", {"depmod.py": "def main(): ..."}, "script = depmod:main"
    )
    found, suggested = bundle.error(None, asked)
    assert found == message
    assert suggested.startswith(hint)


def test_both_ways_at_once_are_a_wrong_use(bundle):
    with pytest.raises(UsageError) as caught:
        bundle.own(APP).find("app", "app")
    assert (caught.value.message, caught.value.exit_code) == ("`-c` and `-e` both name an entry point", 2)


def test_script_runs_itself(bundle):
    assert bundle.own({"my-app.py": "print(1)\n"}, "my-app.py").find() == EntryPoint("my-app")


def test_directory_runs_its_main_module(bundle):
    assert bundle.own({"__main__.py": "", "a.py": ""}).find() == EntryPoint("__main__")


def test_directory_without_a_main_module_lists_what_there_is(bundle):
    bundle.own({**APP, "tool.py": ""}).dist("dep", {"dep.py": "def main(): ..."}, "dep = dep:main")
    assert bundle.error() == (
        "nothing says what `src` runs: it has no `__main__.py`",
        "choose from `-e app`, `-e tool` and `-c dep`",
    )
    assert bundle.find(required=False) is None


@pytest.mark.parametrize(
    "files, message",
    [
        ({"__init__.py": "", "a.py": ""}, "`{}` is a package, and what is bundled is the directory around it"),
        (
            {"__init__.py": "", "__main__.py": "from . import a\n", "a.py": ""},
            "`__main__.py` imports relatively, so it runs only as part of its package",
        ),
    ],
)
def test_directory_that_is_a_package_points_at_its_parent(bundle, files, message):
    bundle.own(files)
    assert bundle.error() == (
        message.format(bundle.source),
        f"point at its parent: `bundler build {bundle.source.parent} -e src`",
    )


def test_project_runs_its_only_console_script(bundle):
    bundle.own({"pyproject.toml": "[project]\nname = 'My_App'\n"}).dist(
        "dep", {"dep.py": "def main(): ..."}, "dep = dep:main"
    )
    bundle.dist("my-app", APP, "go = app.cli:main")
    assert bundle.find() == EntryPoint("app.cli", "main")


def test_project_without_a_name_is_known_by_what_was_built_from_it(bundle):
    bundle.own({"pyproject.toml": "[build-system]\nrequires = []\n"}).dist(
        "dep", {"dep.py": "def main(): ..."}, "dep = dep:main"
    )
    bundle.dist(
        "named",
        APP,
        "go = app.cli:main",
        extra_metadata={"direct_url.json": f'{{"url": "{bundle.source.as_uri()}", "dir_info": {{}}}}'},
    )
    assert bundle.find() == EntryPoint("app.cli", "main")


def test_project_with_several_console_scripts_lists_them(bundle):
    bundle.own({"pyproject.toml": "[project]\nname = 'app'\n"}).dist("app", APP, "a = app.cli:main", "b = app.cli:main")
    assert bundle.error() == ("`app` has several console scripts: `a` and `b`", "choose one, such as `-c a`")
    assert bundle.find(required=False) is None


def test_project_without_a_console_script_is_not_guessed_at(bundle):
    bundle.own({"pyproject.toml": "[project]\nname = 'app'\n"}).dist("app", APP)
    assert bundle.error() == ("`app` has no console script", "`-e app` runs it as `python -m app` does")


@pytest.mark.parametrize("named", ["app", "App[fast]>=1; python_version > '3'", "./dist/app-1.0-py3-none-any.whl"])
def test_requirement_that_was_named_gives_its_only_console_script(bundle, named):
    bundle.dist("dep", {"dep.py": "def main(): ..."}, "dep = dep:main").dist("app", APP, "app = app.cli:main")
    assert bundle.find(named=[named]) == EntryPoint("app.cli", "main")


def test_requirements_with_several_console_scripts_list_them(bundle):
    bundle.dist("one", APP, *(f"s{number} = app.cli:main" for number in range(10)))
    message, hint = bundle.error(named=["one"])
    assert message == "`one` has several console scripts: `s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6` and 3 more"
    assert hint == "choose one, such as `-c s0`"


def test_nothing_at_all_says_so(bundle):
    assert bundle.error() == ("the bundle has no console script", "name a callable with `-e MODULE:CALLABLE`, or start nothing with `--library`")
    assert bundle.find(required=False) is None


def test_gui_script_is_found_by_name_and_chosen_where_there_is_no_console_script(bundle):
    bundle.dist("app", APP, "[gui_scripts]", "win = app.cli:main")
    assert bundle.find("win") == bundle.find(named=["app"]) == EntryPoint("app.cli", "main")


def test_console_script_is_chosen_before_a_gui_script(bundle):
    bundle.dist("app", APP, "text = app.cli:Tool.run", "[gui_scripts]", "win = app.cli:main")
    assert bundle.find(named=["app"]) == EntryPoint("app.cli", "Tool.run")
    assert bundle.error("wni") == ("there is no console script `wni`", "did you mean `win`?")
