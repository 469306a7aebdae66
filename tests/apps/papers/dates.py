"""Print what Babel knows of places, from its data."""

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

print(format_date(date(2020, 1, 2), "full", locale="de_AT"), format_datetime(datetime(2020, 1, 2), locale="th"))
print(format_currency(1.5, "EUR", locale="ar"), Locale("ja").languages["de"])
