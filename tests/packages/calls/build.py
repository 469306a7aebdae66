import os
import subprocess
from pathlib import Path

from build import ProjectBuilder

Path("pyproject.toml").write_text("""\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "page"
version = "1"
""")
Path("page.py").write_text("x = 1\n")


def run(command, cwd=None, extra_environ=None):
    subprocess.run(command, cwd=cwd, env={**os.environ, **(extra_environ or {})}, check=True, capture_output=True)


builder = ProjectBuilder(".", runner=run)
print(builder.build_system_requires, builder.check_dependencies("wheel"), builder.get_requires_for_build("wheel"))
print(Path(builder.build("wheel", "dist")).name, Path(builder.build("sdist", "dist")).name)
