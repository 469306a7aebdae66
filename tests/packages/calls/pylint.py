from io import StringIO
from pathlib import Path

from pylint.lint import Run
from pylint.reporters.text import TextReporter

Path("page.py").write_text("import os\nfrom collections import nothing\nX = [i for i in range(3)]\nprint(X.appendd)\n")
for options in ([], ["--load-plugins=pylint.extensions.mccabe,pylint.extensions.docparams"], ["-j", "2"]):
    written = StringIO()
    Run(["page.py", "--score=n", *options], reporter=TextReporter(written), exit=False)
    print(written.getvalue())
