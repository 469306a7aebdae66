"""Draw text with a font and read and write formats, each by a library that the wheel carries."""

import hashlib
import io

from PIL import Image, ImageCms, ImageDraw, ImageFont, features


def main():
    image = Image.new("RGB", (80, 30), "white")
    draw = ImageDraw.Draw(image)
    draw.text((2, 2), "Grün", font=ImageFont.load_default(12), fill="black")
    draw.ellipse((50, 5, 70, 25), outline="red")
    print(hashlib.sha256(image.tobytes()).hexdigest())
    for kind in ("png", "jpeg", "webp", "tiff", "gif", "jpeg2000", "bmp"):
        file = io.BytesIO()
        image.save(file, kind, **({"compression": "tiff_lzw"} if kind == "tiff" else {}))
        read = Image.open(io.BytesIO(file.getvalue())).convert("RGB")
        print(kind, len(file.getvalue()), hashlib.sha256(read.tobytes()).hexdigest())
    print(image.resize((8, 3), Image.Resampling.LANCZOS).tobytes().hex(), ImageCms.createProfile("sRGB").version)
    print({name: features.check(name) for name in ("freetype2", "jpg", "webp", "raqm", "littlecms2", "libtiff", "zlib")})
