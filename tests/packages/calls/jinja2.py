from pathlib import Path

import sphinx
from jinja2 import ChoiceLoader, Environment, FileSystemBytecodeCache, FileSystemLoader, PackageLoader, TemplateSyntaxError

loader = PackageLoader("sphinx", "templates")
print(len([each for each in loader.list_templates() if "__pycache__" not in each]))
print(Environment(loader=loader).get_template("quickstart/root_doc.rst.jinja").render(project="Title", now="now", append_syntax="")[:60])
directory = FileSystemLoader(Path(sphinx.__file__).parent / "themes" / "basic")
Path("cache").mkdir()
environment = Environment(loader=ChoiceLoader([loader, directory]), bytecode_cache=FileSystemBytecodeCache("cache"), extensions=["jinja2.ext.i18n"])
template = environment.get_template("search.html")
print(len([each for each in directory.list_templates() if "__pycache__" not in each]), template.filename.endswith("search.html"), template.is_up_to_date, len(list(Path("cache").iterdir())))
try:
    environment.from_string("{% nothing %}")
except TemplateSyntaxError as error:
    print(error)
