import keyring
from keyring.backend import get_all_keyring
from keyring.core import load_keyring

print(sorted(type(each).__module__ for each in get_all_keyring()))
keyring.set_keyring(load_keyring("keyring.backends.null.Keyring"))
keyring.set_password("service", "ada", "word")
print(keyring.get_password("service", "ada"), keyring.get_keyring().name)
