"""Programs that a bundle carries: from memory where they look for nothing, else in a directory with what they look for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest
from interpreters import interpreters
from running import evaluate, run
from trees import write_tree

from bundler.build import build

# it tells how it was called, what is in its environment and in its working directory, and reads what stands beside it
SOURCE = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
    char path[4096], line[256] = "nothing", here[4096];
#ifdef LOOKS
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 32);
    path[length] = 0;
    strcpy(strrchr(path, '/'), "/../share/rules.txt");
#else
    strcpy(path, "/nowhere");
#endif
    FILE *file = fopen(path, "r");
    if (file) fgets(line, sizeof line, file);
    printf("%s|%s|%s|%s", line, strrchr(words[0], '/') ? strrchr(words[0], '/') + 1 : words[0], getenv("RULES") ? getenv("RULES") : "", getcwd(here, sizeof here));
    for (int each = 1; each < count; each++) {
        char text[256] = "cannot be opened";
        if ((file = fopen(words[each], "r"))) fgets(text, sizeof text, file);
        printf("|%s", file ? text : words[each]);
    }
    printf("\n");
    return 0;
}
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Path:
    """A library with a program that looks for a file beside it, one that does not, and files for them."""
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler")
    place = tmp_path_factory.mktemp("programs ü")
    (place / "program.c").write_text(SOURCE)
    files = {
        "tools.py": "import os, subprocess, sys\nHERE = os.path.dirname(os.path.abspath(__file__)) + os.sep\n",
        "kit/share/rules.txt": "the rules",
        "kit/share/more/other.txt": "others",
        "plain/readme.txt": "read me",
    }
    tree = write_tree(place / "tree", files)
    for name, options in (("kit/bin/looks", ["-DLOOKS"]), ("plain/alone", [])):
        (tree / name).parent.mkdir(exist_ok=True)
        subprocess.run(["cc", *options, place / "program.c", "-o", tree / name], check=True)
    build(tree, place / "an app.pyz", library=True, cache=False)
    return place / "an app.pyz"


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tools import HERE, os, subprocess

def call(*words, **options):
    words = words[0] if "shell" in options else words
    try:
        return subprocess.run(words, stdout=subprocess.PIPE, **options).stdout.decode().strip().split("|")
    except OSError as error:
        return [type(error).__name__, error.errno, str(error).replace(HERE, "<code>/")]
"""


def answer(python, app, program, place, **env):
    """Return what ``program`` prints; its home is ``place``."""
    return evaluate(python, PROGRAM + program, app, env={"PATH": "/usr/bin:/bin", "HOME": str(place), "TMPDIR": str(place), **env})


def test_program_finds_what_it_looks_for_and_is_called_by_its_name(python, app, tmp_path):
    program = """
looks, rules = HERE + "kit/bin/looks", HERE + "kit/share/rules.txt"
child = os.fork()
if not child:
    os.execv(looks, ["looks", rules])
os.waitpid(child, 0)
print([
    call(looks), call(looks, rules, os.fsencode(HERE) + b"plain/readme.txt", "word"), call("other name", executable=looks)[:2],
    call(looks, cwd=HERE + "kit/share")[3].rpartition("/")[2], call("cat other.txt", cwd=HERE + "kit/share/more", shell=True),
    call(sys.executable, "-c", "print(open('rules.txt').read())", cwd=HERE + "kit/share"), open(call(looks, env={"RULES": rules})[2]).read(),
])
"""
    ran = run(python, "-c", PROGRAM + program, app, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    executed, printed = ran.stdout.splitlines()
    assert executed.split("|")[:2] + executed.split("|")[4:] == ["the rules", "looks", "the rules"]
    plain, given, named, directory, shell, child, variable = literal_eval(printed)
    assert plain == ["the rules", "looks", "", "/"]
    assert given[4:] == ["the rules", "read me", "word"]
    assert named == ["the rules", "other name"]
    assert (directory, shell, child, variable) == ("share", ["others"], ["the rules"], "the rules")


def test_program_that_looks_for_nothing_runs_from_memory(python, app, tmp_path):
    program = """
alone, rules = HERE + "plain/alone", HERE + "kit/share/rules.txt"
os.environ["RULES"] = rules
print([call(alone, rules), call("renamed", executable=alone), call("/bin/sh", "-c", "echo $RULES"), call("/bin/pwd", cwd=HERE + "plain"),
    call("/bin/sh", "-c", 'cat "${0#--rules=}" "${1#-R}"', "--rules=" + rules, b"-R" + os.fsencode(rules))])
"""
    ran, renamed, other, refused, options = answer(python, app, program, tmp_path, BUNDLER_STRICT="1")
    assert ran[:2] + ran[3:] == ["nothing", "alone", "/", "the rules"]
    assert ran[2].startswith("/proc/")
    assert renamed[:2] == ["nothing", "renamed"]
    assert other == [f"{app}/kit/share/rules.txt"]  # what is none of the bundle's keeps its environment
    assert refused[:2] == ["OSError", 30]
    assert options == ["the rulesthe rules"]
    assert list(tmp_path.iterdir()) == []


def test_program_that_must_be_on_disk_is_refused_if_nothing_may_be_written(python, app, tmp_path):
    (refused,) = answer(python, app, 'print([call(HERE + "kit/bin/looks")])', tmp_path, BUNDLER_STRICT="1")
    assert refused == [
        "OSError",
        30,
        "[Errno 30] `kit/bin/looks` cannot be loaded from memory (it is looked for by its place beside others), and BUNDLER_STRICT forbids "
        "to write it to a file: start it without that: '<code>/kit/bin/looks'",
    ]
    assert list(tmp_path.iterdir()) == []


FORBIDDING = [sys.executable, str(Path(__file__).with_name("forbidding.py")), "memfd_create=ENOSYS", "--"]
NO_EXECUTION = 'mount -t proc proc /proc && echo %d > /proc/sys/vm/memfd_noexec || exit 77\nexec "$@"'


@pytest.mark.skipif(sys.platform != "linux", reason="there are no files in memory")
@pytest.mark.parametrize(
    ("system", "disk"),
    [(FORBIDDING, True), *((["unshare", "-mpf", "sh", "-c", NO_EXECUTION % level, "sh"], level == 2) for level in (1, 2))],
    ids=["forbidden", "not executable unless asked", "not executable"],
)
def test_program_that_cannot_be_started_from_memory_is_kept_on_disk(app, tmp_path, system, disk):
    python = list(interpreters().values())[-1]
    program = PROGRAM + """
alone = HERE + "plain/alone"
print([call(alone), call("renamed", executable=alone)], flush=True)
os.execv(alone, ["again"])
"""
    shared = set(os.listdir("/dev/shm"))
    env = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path)}
    ran = run(*system, python, "-c", program, app, env=env)
    if ran.returncode == 77 or "unshare failed" in ran.stderr:
        pytest.skip("no system can be made where files in memory cannot be started: " + ran.stderr)
    called, became = ran.stdout.splitlines()
    assert [each[:2] for each in literal_eval(called)] == [["nothing", "alone"], ["nothing", "renamed"]]
    assert became.startswith("nothing|again|")
    assert len(list(tmp_path.glob("bundler/native/*/files/plain/alone"))) == disk
    if disk and system is not FORBIDDING:
        refused = run(*system, python, "-c", program, app, env={**env, "BUNDLER_STRICT": "1"})
        assert refused.stderr.splitlines()[-1].endswith(
            "`plain/alone` cannot be loaded from memory (no program can be started from there), and BUNDLER_STRICT forbids "
            f"to write it to a file: start it without that: '{app}/plain/alone'"
        )
    assert {each for each in set(os.listdir("/dev/shm")) - shared if each.startswith(("tmp", "bundler"))} == set()
