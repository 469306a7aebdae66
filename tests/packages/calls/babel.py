from datetime import date
from pathlib import Path

from babel import Locale, localedata
from babel.dates import format_date
from babel.messages.frontend import CommandLineInterface
from babel.numbers import format_currency

print(len(localedata.locale_identifiers()), Locale("pt", "BR").get_display_name("fi"))
print(format_date(date(2026, 11, 20), "full", "cs"), format_currency(1234.5, "EUR", locale="de"))
Path("page.py").write_text("_('hello')\n")
CommandLineInterface().run(["pybabel", "--quiet", "extract", "-o", "messages.pot", "page.py"])
print([line for line in Path("messages.pot").read_text().splitlines() if "hello" in line])
