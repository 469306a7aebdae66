"""Run an interpreter as a user would who has nothing else: an empty environment, from `/`."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path


def run(
    python: str | Path,
    *arguments: str | Path,
    cwd: str | Path = "/",
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run ``python`` with ``arguments``; ``env`` is its whole environment. Raises TimeoutExpired after ``timeout`` seconds."""
    command = [str(python), *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        command, cwd=cwd, env=dict(env or {}), encoding="utf-8", start_new_session=True, **pipes
    ) as started:
        try:
            stdout, stderr = started.communicate(stdin, timeout)
        except BaseException:
            # its children too, or the pipes stay open
            os.killpg(started.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, started.returncode, stdout, stderr)


def evaluate(python: str, program: str, *arguments: str | Path, flags: tuple[str, ...] = (), **options):
    """Run ``program``, which must print one literal and nothing else, and return its value."""
    ran = run(python, *flags, "-c", program, *arguments, **options)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return ast.literal_eval(ran.stdout)
