from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config

Path("alembic.ini").write_text("[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///db.sqlite3\n")
config = Config("alembic.ini")
print([each for each in sorted(path.name for path in Path(config.get_template_directory()).iterdir()) if not each.startswith("__")])
config.config_file_name = "made.ini"
with redirect_stdout(StringIO()) as said:
    command.init(config, "migrations")
print(*sorted(said.getvalue().splitlines()), sep="\n")
config = Config("made.ini")
config.set_main_option("sqlalchemy.url", "sqlite:///db.sqlite3")
command.revision(config, "first", rev_id="1")
command.upgrade(config, "head")
command.current(config)
print(sorted(path.name for path in Path("migrations").iterdir() if path.suffix))
