"""What the overlay costs a call about a path outside the app: each wrapped function beside its original, interleaved.

Usage: ``python benchmarks/overlay.py [PYTHON...]``. Prints nanoseconds a call, the least of ROUNDS, and the difference. Each original
is timed twice, before and after: the third column is what the two differ by, so that nobody takes noise for cost.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 100

sys.path.insert(0, str(Path(__file__).parents[1]))

from bundler.build import build  # noqa: E402

PROGRAM = """
import builtins, io, json, os, sys, tempfile, timeit
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import opener
table, = (module for name, module in sys.modules.items() if name.startswith("_bundler_") and name.endswith(".overlay.table"))
place = tempfile.mkdtemp()
file, absent, link = place + "/file", place + "/absent", place + "/link"
open(file, "w").close()
os.symlink(file, link)
ARGUMENTS = {
    "open": (file,), "open_code": (file,), "os.open": (file, 0), "access": (file, os.R_OK), "listdir": (place,), "scandir": (place,),
    "readlink": (link,), "getxattr": (file, "user.none"), "chdir": (place,), "mknod": (file,), "unlink": (absent,), "remove": (absent,),
    "rmdir": (absent,), "rename": (absent, absent), "replace": (absent, absent), "link": (absent, absent), "symlink": (file, link),
    "truncate": (file, 0), "chmod": (file, 0o600), "lchmod": (file, 0o600), "chown": (file, -1, -1), "lchown": (file, -1, -1),
    "setxattr": (file, "none", b""), "removexattr": (file, "user.none"), "execv": (absent, ["x"]), "execve": (absent, ["x"], {}),
    "posix_spawn": (absent, ["x"], {0: ""}), "posix_spawnp": (absent, ["x"], {0: ""}),  # refused before anything is started
}

def timer(function, arguments):
    close = os.close if function is os.open or getattr(os.open, "original", None) is function else lambda found: hasattr(found, "close") and found.close()
    def call():
        try:
            found = function(*arguments)
        except (OSError, TypeError):
            return
        close(found)
    return timeit.Timer(call)

calls = []
for module, name, *_ in table.FUNCTIONS:
    wrapped = getattr(module, name, None)
    if hasattr(wrapped, "original"):
        label = module.__name__ + "." + name
        calls.append((label, wrapped, ARGUMENTS.get(label, ARGUMENTS.get(name, (file,)))))
calls += [("os.stat of " + what, os.stat, (path,)) for what, path in (("a Path", Path(file)), ("bytes", file.encode()), ("a descriptor", 0))]
found = []
for label, wrapped, arguments in calls:
    three = [timer(function, arguments) for function in (wrapped.original, wrapped, wrapped.original)]
    number = max(10, int(0.001 / max(three[0].timeit(10) / 10, 1e-7)))
    rounds = [[each.timeit(number) / number * 1e9 for each in three] for _ in range(int(sys.argv[2]))]
    found.append([label, *map(min, zip(*rounds))])
print(json.dumps(found))
"""


def main() -> None:
    """Print a table for each Python."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory, "src")
        root.mkdir()
        (root / "opener.py").write_text("HERE = __file__\n")
        build(root, Path(directory, "app.pyz"), library=True, cache=False)
        for python in sys.argv[1:] or [sys.executable]:
            ran = subprocess.run([python, "-I", "-c", PROGRAM, f"{directory}/app.pyz", str(ROUNDS)], capture_output=True, text=True, check=True)
            print(python)
            for name, original, wrapped, again in json.loads(ran.stdout):
                print(f"{name:24}{original:10.0f} ns{wrapped - original:+8.0f} ns{again - original:+8.0f} ns")


if __name__ == "__main__":
    main()
