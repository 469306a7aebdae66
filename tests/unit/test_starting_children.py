"""A module is marked as one that starts children if it names this interpreter and a way to start programs."""

from __future__ import annotations

import marshal

import pytest

from bundler.worker.facts import starts_children

MARKED = [
    "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'x'])",
    "import os, sys\ndef again(): os.execv(sys.executable, [sys.executable, *sys.argv])",
    "from os import execvp\nfrom sys import executable",
    "import asyncio, sys\nasync def f(): await asyncio.create_subprocess_exec(sys.executable)",
    "from multiprocessing import spawn, util\nutil.spawnv_passfds(spawn.get_executable(), [], [])",
    "import sys\nfrom os import posix_spawn as start\nstart(getattr(sys, 'executable'), [], {})",
]
PLAIN = [
    "import subprocess\nsubprocess.run(['ls'])",
    "import sys\nprint(sys.executable)",
    "import os\nos.execv('/bin/ls', ['ls'])",
    "'subprocess and executable, in prose'",
    "import sys\nexecutables = [sys.executable]\nsubprocesses = 1",
]


@pytest.mark.parametrize("source", MARKED)
def test_module_that_may_start_this_interpreter_is_marked(source):
    assert starts_children(marshal.dumps(compile(source, "m.py", "exec")))


@pytest.mark.parametrize("source", PLAIN)
def test_other_modules_are_not_marked(source):
    assert not starts_children(marshal.dumps(compile(source, "m.py", "exec")))
