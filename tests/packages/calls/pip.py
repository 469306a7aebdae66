import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

with ZipFile("page-1-py3-none-any.whl", "w") as wheel:
    wheel.writestr("page.py", "def main(): print('page')\n")
    wheel.writestr("page-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: page\nVersion: 1\n")
    wheel.writestr("page-1.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: page\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("page-1.dist-info/entry_points.txt", "[console_scripts]\npage = page:main\n")
    wheel.writestr("page-1.dist-info/RECORD", "")


def pip(*words):
    ran = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], capture_output=True, text=True)
    print(ran.returncode, [line for line in ran.stdout.splitlines() if "page" in line.lower() or "flask" in line.lower()])


Path("empty").mkdir()
pip("install", "--no-index", "--target", "target", "--no-warn-script-location", "./page-1-py3-none-any.whl")
print(sorted(path.name for path in Path("target").iterdir()), Path("target/bin/page").exists())
pip("list", "--path", "target")
pip("show", "flask")
pip("wheel", "--no-index", "--no-deps", "-w", "wheels", "./page-1-py3-none-any.whl")
from pip._internal.locations import get_scheme  # noqa: E402
from pip._vendor import certifi  # noqa: E402

print(open(certifi.where()).read().count("BEGIN"), get_scheme("page").scripts == str(Path(sys.prefix, "bin")))
