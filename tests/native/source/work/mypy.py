"""Check types with the compiled mypy, which reads the stubs that it carries."""

from mypy import api
from mypy.version import __version__

PROGRAM = "import json, ast\nx: int = json.dumps(1)\nast.parse(3)\ndef f() -> None: reveal_type([1].pop)\nasync def g(a: list[int]) -> str: return a[0]\n"


def main():
    for options in ([], ["--strict"]):
        print(*api.run([*options, "--cache-dir=/dev/null", "--no-site-packages", "-c", PROGRAM]))
    print(api.run(["--version"])[0].strip() == "mypy %s (compiled: yes)" % __version__, api.run(["--version"])[0])
