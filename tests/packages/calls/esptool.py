from pathlib import Path

import esptool
from esptool.loader import StubFlasher
from esptool.targets import CHIP_DEFS

for name in ("esp8266", "esp32", "esp32c6", "esp32s3"):
    print(name, len(StubFlasher(CHIP_DEFS[name]).text))
Path("image.bin").write_bytes(b"\xe9\x01\x02\x20\0\0\0\0" + b"\0" * 1000)
esptool.main(["--chip", "esp32", "merge-bin", "-o", "merged.bin", "0x1000", "image.bin"])
print(Path("merged.bin").stat().st_size)
