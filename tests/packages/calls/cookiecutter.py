from pathlib import Path

from cookiecutter.main import cookiecutter

template = Path("template", "{{ cookiecutter.name|slugify }}")
template.mkdir(parents=True)
(template / "{{ cookiecutter.year }}.txt").write_text("{{ cookiecutter.name | jsonify }}")
Path("template", "cookiecutter.json").write_text('{"name": "A Name", "year": "2026"}')
Path("template", "hooks").mkdir()
# run by a child, in the directory that is made
Path("template", "hooks", "post_gen_project.py").write_text("import jinja2, pathlib\npathlib.Path('hook.txt').write_text(jinja2.__name__)\n")
made = Path(cookiecutter("template", no_input=True, default_config=True))
print(sorted((path.name, path.read_text()) for path in made.iterdir()))
