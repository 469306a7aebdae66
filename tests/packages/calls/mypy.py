from pathlib import Path

from mypy import api

Path("page.py").write_text("import json\nimport ast\nx: int = json.dumps(1)\nast.parse(3)\ndef f() -> None: reveal_type([1].pop)\n")
for option in ("--no-incremental", "--strict"):
    print(*api.run([option, "page.py"]))
print(sorted(path.name for path in Path(".mypy_cache").iterdir()))
