from io import BytesIO

from pdfminer.cmapdb import CMapDB
from pdfminer.high_level import extract_text

text = b"BT /F1 20 Tf 100 700 Td <65E5672C8A9E> Tj ET"
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UCS2-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>",
]
page = b"%PDF-1.4\n"
offsets = []
for number, each in enumerate(objects, 1):
    offsets.append(len(page))
    page += b"%d 0 obj\n%s\nendobj\n" % (number, each)
start = len(page)
page += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in offsets)
page += b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
print(repr(extract_text(BytesIO(page))))
print(len(CMapDB.get_unicode_map("Adobe-Japan1").cid2unichr), CMapDB.get_cmap("UniJIS-UTF16-H").is_vertical())
