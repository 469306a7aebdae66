from faker import Faker
from faker.config import AVAILABLE_LOCALES, PROVIDERS

print(len(AVAILABLE_LOCALES), len(PROVIDERS))
for locale in ("de_DE", "ja_JP", "el_GR"):
    Faker.seed(4)
    fake = Faker(locale)
    print(fake.name(), fake.city(), fake.iban(), fake.file_path(), fake.user_agent()[:10])
