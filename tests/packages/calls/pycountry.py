import gettext

import pycountry

print(len(pycountry.countries), len(pycountry.languages), len(pycountry.subdivisions), pycountry.countries.search_fuzzy("England")[0].name)
print(gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["de"]).gettext("Norway"))
