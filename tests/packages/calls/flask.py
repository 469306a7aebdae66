from pathlib import Path

import mkdocs
from flask import Blueprint, Flask, send_file
from werkzeug.debug import DebuggedApplication
from werkzeug.test import Client

app = Flask("mkdocs", static_folder="themes/mkdocs/css", template_folder="themes/mkdocs")
app.register_blueprint(Blueprint("sphinx", "sphinx", static_folder="themes/basic/static", static_url_path="/basic"))


@app.get("/page")
def page():
    return send_file(Path(mkdocs.__file__).parent / "themes/mkdocs/css/base.css", conditional=True)


@app.get("/error")
def error():
    raise ValueError("raised")


client = app.test_client()
for path, headers in (("/static/css/base.css", {}), ("/css/base.css", {}), ("/basic/searchtools.js", {}), ("/page", {"Range": "bytes=0-9"}), ("/static/none", {})):
    got = client.get(path, headers=headers)
    print(path, got.status_code, got.content_type, len(got.data))
print(len([each for each in app.jinja_loader.list_templates() if "__pycache__" not in each]), len(app.open_resource("templates/sitemap.xml").read()))
app.config["PROPAGATE_EXCEPTIONS"] = True
debugged = Client(DebuggedApplication(app))
print(debugged.get("/?__debugger__=yes&cmd=resource&f=debugger.js").text[:30], "ValueError: raised" in debugged.get("/error").text)
