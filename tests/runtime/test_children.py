"""Children that are started as sys.executable: what they do is compared with those of an installed application."""

from __future__ import annotations

import ast
import subprocess

import pytest
from running import run
from trees import write_tree

# Each way returns what its child wrote. A child tells what it finds.
APPLICATION = '''
import asyncio, os, subprocess, sys, inspect

PYTHON = sys.executable
TELL = "import shop.tell"
HERE = os.path.dirname(os.path.abspath(__file__))

def written(function, *arguments):
    """Return what the child writes that ``function`` starts in, or becomes of, a process of its own."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(writer, 1)
        try:
            result = function(*arguments)
            # a spawn that waits returns the exit status, one that does not the number of the process
            if result > 255:
                os.waitpid(result, 0)
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader) as file:
        text = file.read()
    os.waitpid(pid, 0)
    return text

def out(*words, **options):
    done = subprocess.run([PYTHON, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, **options)
    return done.stdout.decode() + str(done.returncode)

async def by_asyncio():
    child = await asyncio.create_subprocess_exec(PYTHON, "-m", "shop.tell", "a", stdout=subprocess.PIPE)
    return (await child.communicate())[0].decode()

ENV = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
WAYS = {
    "module": lambda: out("-m", "shop.tell", "a b", "-c"),
    "module attached": lambda: out("-mshop.tell"),
    "package": lambda: out("-m", "shop.sub"),
    "command": lambda: out("-c", TELL, "a"),
    "cluster": lambda: out("-uBc", TELL, "a"),
    "cluster with an argument": lambda: out("-uWerror", "-BX", "dev", "-c", TELL, "a"),
    "options": lambda: out("-u", "-X", "dev", "-W", "error", "-S", "--check-hash-based-pycs", "never", "-m", "shop.tell"),
    "optimised": lambda: out("-O", "-c", "print(__debug__); " + TELL),
    "end of options": lambda: out("-B", "--", os.path.join(HERE, "tell.py"), "a"),
    "script of the bundle": lambda: out(os.path.join(HERE, "tell.py"), "a"),
    "directory of the bundle": lambda: out(os.path.join(HERE, "sub"), "a"),
    "script outside": lambda: out(os.path.join(os.getcwd(), "outside.py"), "a"),
    "script from another directory": lambda: out("outside.py", cwd=os.getcwd()),
    "standard input": lambda: out("-", "a", input=TELL.encode()),
    "nothing but standard input": lambda: out(input=TELL.encode()),
    "a program alone": lambda: subprocess.run(PYTHON, input=TELL.encode(), stdout=subprocess.PIPE).stdout.decode(),
    "version": lambda: out("-V"),
    "version in a cluster": lambda: out("-BV"),
    "wrong option": lambda: out("-Z"),
    "missing module": lambda: out("-m", "shop.absent"),
    "environment": lambda: out("-m", "shop.tell", env=dict(ENV, GIVEN="1")),
    "environment of bytes": lambda: out("-m", "shop.tell", env={b"GIVEN": b"1", **{os.fsencode(k): os.fsencode(v) for k, v in ENV.items()}}),
    "executable": lambda: subprocess.run([PYTHON, "-c", TELL], executable=PYTHON, stdout=subprocess.PIPE).stdout.decode(),
    "bytes": lambda: subprocess.check_output([os.fsencode(PYTHON), b"-c", TELL.encode()]).decode(),
    "words from an iterator": lambda: subprocess.check_output(iter([PYTHON, "-c", TELL])).decode(),
    "call": lambda: written(subprocess.call, [PYTHON, "-c", TELL]),
    "without closing descriptors": lambda: subprocess.check_output([PYTHON, "-c", TELL], close_fds=False).decode(),
    "asyncio": lambda: asyncio.run(by_asyncio()),
    "execv": lambda: written(os.execv, PYTHON, [PYTHON, "-c", TELL]),
    "execve": lambda: written(os.execve, PYTHON, [PYTHON, "-c", TELL], ENV),
    "execl": lambda: written(os.execl, PYTHON, PYTHON, "-c", TELL),
    "execlp": lambda: written(os.execlp, PYTHON, PYTHON, "-c", TELL),
    "execvp": lambda: written(os.execvp, PYTHON, [PYTHON, "-c", TELL]),
    "execvpe": lambda: written(os.execvpe, PYTHON, [PYTHON, "-c", TELL], ENV),
    "spawnv": lambda: written(os.spawnv, os.P_WAIT, PYTHON, [PYTHON, "-c", TELL]),
    "spawnle": lambda: written(os.spawnle, os.P_WAIT, PYTHON, PYTHON, "-c", TELL, ENV),
    "posix_spawn": lambda: written(os.posix_spawn, PYTHON, [PYTHON, "-c", TELL], os.environ),
    "posix_spawnp": lambda: written(os.posix_spawnp, PYTHON, [PYTHON, "-c", TELL], ENV),
    "children of children": lambda: out("-m", "shop.parent"),
    "children of a command": lambda: out("-c", "import subprocess, sys; subprocess.run([sys.executable, '-m', 'shop.tell'])"),
    "a pool in a child": lambda: out("-W", "ignore", "-m", "shop.pool"),
}

def signature(function):
    try:
        return str(inspect.signature(function))
    except ValueError:
        return "none"

def looks():
    """What can be seen of the functions, and of the messages of a child that cannot be started."""
    with subprocess.Popen([PYTHON, "-c", ""]) as child:
        yield child.args == [PYTHON, "-c", ""]
    with subprocess.Popen("exit 0", shell=True) as child:
        yield child.args
    for function in (subprocess.Popen, subprocess.Popen.__init__, os.execv, os.execve, os.posix_spawn):
        yield function.__name__, signature(function), (function.__doc__ or "")[:200]
    yield os.execve in os.supports_fd
    for start in (
        lambda: subprocess.run([PYTHON, "-c", ""], cwd="/nonexistent"),
        lambda: subprocess.run([PYTHON, 5]),
        lambda: subprocess.run([5]),
        lambda: subprocess.run([]),
        lambda: subprocess.run(5),
        lambda: subprocess.run([PYTHON, "-c", "raise SystemExit(3)"], check=True),
        lambda: subprocess.run(["/nonexistent"]),
        lambda: os.execv("/nonexistent", ["x"]),
        lambda: os.execv(PYTHON, []),
        lambda: os.execve("/nonexistent", ["x"], {}),
        lambda: os.posix_spawn("/nonexistent", ["x"], {}),
    ):
        try:
            start()
        except Exception as error:
            yield repr(error), getattr(error, "filename", None), getattr(error, "cmd", None)

def main():
    for name in sys.argv[1:] or WAYS:
        print(repr((name, WAYS[name]())), flush=True)
    if not sys.argv[1:]:
        print(repr(("looks", list(looks()))))
'''
TELL = """
import os, sys
import shop.words
print(shop.words.WORD, sys.argv, sys.flags.optimize, sys.flags.dev_mode, sys.warnoptions, sys.dont_write_bytecode, sys.flags.no_site)
print(sorted(name for name in os.environ if name.startswith(("BUNDLER", "GIVEN"))), __name__)
"""
FILES = {
    "shop/__init__.py": "",
    "shop/words.py": "WORD = 'found'\n",
    "shop/main.py": APPLICATION,
    "shop/tell.py": TELL,
    "shop/sub/__init__.py": "",
    "shop/sub/__main__.py": TELL,
    "shop/parent.py": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import shop.tell'], check=True)\n",
    "shop/pool.py": "import multiprocessing\nimport shop.words\n"
    "def length(word): return len(word + shop.words.WORD)\n"
    "if __name__ == '__main__':\n"
    "    for method in ('fork', 'spawn'):\n"
    "        with multiprocessing.get_context(method).Pool(1) as pool: print(pool.map(length, ['a', 'bb']))\n",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return write_tree(tmp_path_factory.mktemp("here"), {"outside.py": "import sys\nprint(sys.path[0])\nimport shop.tell\n"})


def lines(ran, root):
    assert (ran.returncode, ran.stderr) == (0, "")
    return dict(ast.literal_eval(line.replace(str(root), "ROOT")) for line in ran.stdout.splitlines())


@pytest.mark.costly
def test_children_do_what_those_of_an_installed_application_do(python, build_app, here, tmp_path):
    app = build_app(FILES, entry_point="shop.main:main", directory="two words é", python=python)
    installed = write_tree(tmp_path / "installed", FILES)
    options = {"cwd": here, "timeout": 100}
    environment = {"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    program = "from shop.main import main; main()"
    expected = run(python, "-c", program, env={"PYTHONPATH": str(installed), **environment}, **options)
    ran = run(python, app, env=environment, **options)
    expected, ran = lines(expected, installed), lines(ran, app)
    assert len(ran) > 40
    for way, told in expected.items():
        assert (way, ran[way]) == (way, told)


@pytest.mark.parametrize("way", ["os.execv(sys.executable, [sys.executable, *sys.argv, 'again'])",
                                 "os.execl(sys.executable, sys.executable, '-W', 'error', os.path.realpath(sys.argv[0]), 'again')",
                                 "subprocess.run([sys.executable, sys.argv[0], 'again'], check=True)"])  # fmt: skip
def test_app_starts_itself_again(python, build_app, way):
    source = f"import os, subprocess, sys\nprint(sys.argv[1:], sys.warnoptions, __name__, flush=True)\nif not sys.argv[1:]: {way}\n"
    app = build_app({"alone.py": source}, entry_point="alone", python=python)
    link = app.with_name("link.pyz")
    link.exists() or link.symlink_to(app.name)
    for path in (app, app.name, link.name):
        ran = run(python, path, cwd=app.parent)
        options = ["error"] if "-W" in way else []
        assert (ran.stderr, ran.stdout) == ("", f"[] [] __main__\n['again'] {options} __main__\n")


def test_other_programs_inherit_nothing(python, build_app):
    source = (
        "import os, subprocess, sys\n"
        "python = os.path.join('/proc/self/exe')\n"
        "subprocess.run(['env'], check=True)\n"
        "subprocess.run(sys.executable + ' -c \"import os; print(os.environ)\"', shell=True, check=True)\n"
        "other = sys.argv[1]\n"
        "subprocess.run([other, '-c', 'import os, sys; print(os.environ, sys.argv)'], check=True)\n"
        "print(os.environ)\n"
    )
    app = build_app({"alone.py": source}, entry_point="alone", python=python)
    link = app.with_name("python")
    link.exists() or link.symlink_to(python)
    ran = run(python, app, link, env={"PATH": "/usr/bin:/bin"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "BUNDLER" not in ran.stdout and "app.pyz" not in ran.stdout


def test_app_that_starts_no_such_children_has_nothing_wrapped(python, build_app):
    source = (
        "import os, subprocess, multiprocessing\n"
        "print(not hasattr(subprocess.Popen.__init__, '__wrapped__'))\n"
        "print(os.execve.__module__ == os.execv.__module__ == os.posix_spawn.__module__ == 'posix')\n"
    )
    app = build_app({"alone.py": source}, entry_point="alone", python=python)
    ran = run(python, app)
    assert (ran.stdout, ran.stderr) == ("True\nTrue\n", "")


def test_library_wraps_nothing_of_its_host(python, build_app):
    files = {"starter.py": "import subprocess, sys\nCOMMAND = [sys.executable]\n"}
    app = build_app(files, library=True, python=python)
    program = "import starter, subprocess; print(subprocess.Popen.__init__.__code__.co_filename == subprocess.__file__)"
    ran = subprocess.run([python, "-c", program], env={"PYTHONPATH": str(app)}, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("True\n", "")
