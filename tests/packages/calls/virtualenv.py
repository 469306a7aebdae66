import subprocess
from pathlib import Path

from virtualenv import cli_run

made = cli_run(["made", "--no-download", "--no-periodic-update", "--app-data", "data", "--activators", "bash,fish"])
python = Path("made", "bin", "python").resolve().name.startswith("python")
print(made.creator.dest.name, python, sorted(path.name for path in Path("made", "bin").iterdir() if "activate" in path.name))
ran = subprocess.run(["made/bin/python", "-m", "pip", "list"], capture_output=True, text=True, env={})
print(ran.returncode, ran.stdout.split()[4:5], subprocess.run(["made/bin/python", "-c", "import flask"], capture_output=True, env={}).returncode)
