from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

Path("pyproject.toml").write_text("""\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "page"
version = "1"
[project.scripts]
page = "page:main"
""")
Path("page").mkdir()
Path("page", "__init__.py").write_text("def main(): pass\n")
Path("page", "data.json").write_text("{}")
Path("MANIFEST.in").write_text("include page/data.json\n")
from setuptools import build_meta  # noqa: E402 (what is built lies in the current directory)

with redirect_stdout(StringIO()):
    names = [build_meta.build_wheel("dist"), build_meta.build_sdist("dist"), build_meta.build_editable("dist")]
print(build_meta.get_requires_for_build_wheel.__module__, names, sorted(ZipFile(Path("dist", names[0])).namelist()))
