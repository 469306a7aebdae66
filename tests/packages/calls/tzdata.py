import zoneinfo
from datetime import datetime

zoneinfo.reset_tzpath([])
print(len(zoneinfo.available_timezones()), datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("America/Argentina/Buenos_Aires")).isoformat())
print(datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Oslo")).tzname())
