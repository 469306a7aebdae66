from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.commands.new import new
from mkdocs.config import load_config

new("project")
for theme in ("mkdocs", "readthedocs"):
    build(load_config("project/mkdocs.yml", theme=theme, site_dir="site-" + theme, plugins=["search"]))
    site = next(Path().rglob("site-" + theme))
    print(theme, len([path for path in site.rglob("*") if path.is_file()]), "Welcome to MkDocs" in (site / "index.html").read_text())
