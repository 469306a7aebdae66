from PIL import Image, ImageDraw, ImageFont, features

image = Image.new("RGB", (60, 20), "white")
ImageDraw.Draw(image).text((2, 2), "text", font=ImageFont.load_default(), fill="black")
for name in ("kept.png", "kept.jpg", "kept.webp", "kept.tiff"):
    image.save(name)
    print(name, Image.open(name).size, len(Image.open(name).convert("RGB").getcolors(9999)) > 1)
print(features.check("freetype2"), features.check("jpg"))
