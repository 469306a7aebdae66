from datetime import datetime

from dateutil import rrule, zoneinfo
from dateutil.parser import parse

zones = zoneinfo.get_zonefile_instance()
print(zones.metadata, len(zones.zones), datetime(2026, 7, 1, tzinfo=zones.get("Asia/Tokyo")).isoformat())
print(parse("20 Nov 2026 17:00"), list(rrule.rrule(rrule.MONTHLY, count=2, dtstart=datetime(2026, 1, 31))))
