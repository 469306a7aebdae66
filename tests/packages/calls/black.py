import subprocess
import sys
from pathlib import Path

import black

print(black.format_str("x = {  'a':1 }\nmatch x:\n  case {}: pass\n", mode=black.Mode()))
for name in ("a.py", "b.py", "c.py"):
    Path(name).write_text("def f( a ):\n  return a\n")
ran = subprocess.run([sys.executable, "-m", "black", "--workers", "2", "."], capture_output=True, text=True)
print(ran.returncode, sorted(ran.stderr.splitlines())[:4], Path("b.py").read_text())
print(black.__file__.endswith(".so") or black.COMPILED)
