from docutils.core import publish_string

source = ".. include:: <isonum.txt>\n\nTitle\n=====\n\nA |copy| sign\n\n.. math:: a^2\n"
settings = {"language_code": "fr", "output_encoding": "unicode", "_disable_config": True}
for writer in ("html5", "latex", "html4", "manpage"):
    written = publish_string(source, writer=writer, settings_overrides=settings)
    print(writer, len(written), "\u00a9" in written)
print(len(publish_string(source, writer="odt", settings_overrides={"_disable_config": True, "output_encoding": "utf-8"})) > 5000)
