"""Print what esptool has for each chip: programs, in files next to it."""

from esptool.loader import StubFlasher
from esptool.targets import CHIP_DEFS

for name, chip in CHIP_DEFS.items():
    try:
        stub = StubFlasher(chip)
    except Exception as error:  # chips that it has none for
        print(name, type(error).__name__)
    else:
        print(name, len(stub.text), stub.entry)
