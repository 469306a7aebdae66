"""A truncated, damaged or replaced app file ends in an error that names it, never in a crash or in other code.

One region is left out: the zip's local headers and the members that zipimport
reads itself (the launcher). zipimport checks no sums: there a flipped bit can
be other code.
"""

from __future__ import annotations

import os
import struct
import zipfile

import pytest
from interpreters import interpreters, version
from running import run

from runtime_stub.container import parse_frame, parse_manifest, read_footer

RIGHT = "right 4950\n"
FILES = {
    "alone.py": "from tool import total, named\nprint(named.WORD, total.TOTAL)\n",
    "tool/__init__.py": "",
    "tool/named.py": "WORD = 'right'\n" + "".join(f"NAME_{n} = 'number {n * n}'\n" for n in range(200)),
    "tool/total.py": "TOTAL = sum(range(100))\n",
}

# Run app files one after the other in forked children: a start of the interpreter for each would take minutes.
BATCH = """
import os, runpy, sys
for path in sys.stdin.read().splitlines():
    out, err = path + ".out", path + ".err"
    child = os.fork()
    if not child:
        for name, number in ((out, 1), (err, 2)):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv, code = [path], 0
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as error:
            code = error.code
            if code is not None and not isinstance(code, int):
                print(code, file=sys.stderr)
                code = 1
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)
    status = os.waitpid(child, 0)[1]
    print([path, status, open(out, errors="replace").read(), open(err, errors="replace").read()], flush=True)
"""


@pytest.fixture(scope="session", params=["zlib", "zstd"])
def small(request, build_app):
    """An app file, its bytes, and the Python that it is for; zstd for the first that decodes it itself."""
    found = [path for path in interpreters().values() if request.param == "zlib" or version(path) >= (3, 14)]
    if not found:
        pytest.skip("no interpreter decodes zstd itself")
    app = build_app(FILES, entry_point="alone", codec=request.param, python=found[0])
    return app, app.read_bytes(), found[0]


def regions(app, data):
    """Return the half-open ranges of a file's regions, by name."""
    with zipfile.ZipFile(app) as archive:
        end_of_container = archive.start_dir
    footer = data[end_of_container - 80 : end_of_container]
    length, manifest, runtime, _ = read_footer(footer)
    start = end_of_container - length
    words = parse_manifest(data[start + manifest[0] :][: manifest[1] - 1].decode())
    root = parse_frame(words["target"][0][3:])
    records = [data[start + runtime[0] + at :][:24] for at in range(0, 24 * runtime[1], 24)]
    tables = [struct.unpack("<QI", record[4:16]) for record in records]
    return {
        "frames": (start, start + min(offset for offset, _ in tables)),
        "runtime tables": (start + min(offset for offset, _ in tables), start + max(map(sum, tables))),
        "index": (start + root[0], start + root[0] + root[1]),
        "runtime records": (start + runtime[0], start + manifest[0]),
        "manifest": (start + manifest[0], start + manifest[0] + manifest[1]),
        "footer": (end_of_container - 80, end_of_container),
        "zip directory": (end_of_container, len(data)),
    }


REGIONS = ("frames", "runtime tables", "index", "runtime records", "manifest", "footer", "zip directory")


def outcomes(python, directory, variants):
    paths = []
    for name, data in variants:
        path = directory / f"{name}.pyz"
        path.write_bytes(data)
        paths.append(str(path))
    ran = run(python, "-I", "-S", "-c", BATCH, stdin="\n".join(paths), timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
    return [eval(line, {}) for line in ran.stdout.splitlines()]


def check(outcome, allowed=()):
    path, status, out, err = outcome
    where = f"{path}: status {status}\n{out}\n{err}"
    assert os.WIFEXITED(status), where
    assert out in ("", RIGHT), where
    for name in ("zlib.error", "EOFError", "struct.error", "UnicodeDecodeError", "MemoryError", "IndexError"):
        assert name not in err, where
    if out == RIGHT:
        assert (os.WEXITSTATUS(status), err) == (0, ""), where
    else:
        assert os.WEXITSTATUS(status) == 1, where
        last = err.rstrip().splitlines()[-1]
        assert os.path.basename(path) in last or any(each in last for each in allowed), where


# What runpy says of a file that is no zip any more, and is therefore read as source.
NO_ZIP = ("SyntaxError: ", "source code string cannot contain null bytes", "can't find '__main__' module")


@pytest.mark.parametrize("region", REGIONS)
def test_flipped_bits_never_become_other_code(small, tmp_path, region):
    app, data, python = small
    first, last = regions(app, data)[region]
    places = range(first, last, max(1, (last - first) // 60))
    variants = []
    for number, place in enumerate(places):
        damaged = bytearray(data)
        damaged[place] ^= 1 << number % 8
        variants.append((f"{place - first}-{number % 8}", bytes(damaged)))
    for outcome in outcomes(python, tmp_path, variants):
        check(outcome, NO_ZIP if region == "zip directory" else ())


def test_truncated_file_is_never_other_code(small, tmp_path):
    _, data, python = small
    lengths = sorted({*range(80, len(data), len(data) // 80), *range(len(data) - 130, len(data), 9)})
    for outcome in outcomes(python, tmp_path, [(str(length), data[:length]) for length in lengths]):
        check(outcome, NO_ZIP)


def test_whole_file_runs_in_a_batch(small, tmp_path):
    _, data, python = small
    ((_, status, out, err),) = outcomes(python, tmp_path, [("whole", data)])
    assert (status, out, err) == (0, RIGHT, "")


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9, 0.99])
def test_truncated_file_says_so_in_its_last_line(python, small, tmp_path, share):
    _, data, _ = small
    (tmp_path / "short.pyz").write_bytes(data[: int(len(data) * share)])
    ran = run(python, tmp_path / "short.pyz")
    assert (ran.returncode, ran.stdout) == (1, "")
    last = ran.stderr.rstrip().splitlines()[-1]
    assert "truncated" in last or "short.pyz" in last, ran.stderr
