import subprocess
import sys
from pathlib import Path

Path("page.py").write_text("import os\nx=1\n")
for words in (["check", "--no-cache", "page.py"], ["format", "--diff", "--no-cache", "page.py"]):
    ran = subprocess.run([sys.executable, "-m", "ruff", *words], capture_output=True, text=True)
    if "Traceback" in ran.stderr:
        sys.exit(ran.stderr)
    print(ran.returncode, ran.stdout)
