from pathlib import Path

from sphinx.cmd.build import main as build
from sphinx.cmd.quickstart import main as quickstart

print(quickstart(["-q", "-p", "project", "-a", "ada", "-v", "1", "-l", "de", "--ext-autodoc", "--no-batchfile", "docs"]))
with Path("docs", "index.rst").open("a") as file:
    file.write("\n.. automodule:: imagesize\n   :members:\n\n.. code-block:: c\n\n   int x;\n")
print(build(["-q", "-b", "html", "docs", "html"]), build(["-q", "-b", "latex", "docs", "latex"]))
page = Path("html", "index.html").read_text()
print("imagesize.get" in page, "Suche" in page, 'class="kt"' in page)
print(sorted(path.name for path in Path("html", "_static").iterdir()), len(list(Path("latex").iterdir())))
