from datetime import datetime

import pytz

print(len(pytz.all_timezones), len(pytz.country_timezones["br"]), pytz.country_names["no"])
print(pytz.timezone("Europe/Lisbon").localize(datetime(1995, 7, 1)).isoformat())
