from pathlib import Path

from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
face = pdfmetrics.EmbeddedType1Face(*(str(Path(pdfmetrics.__file__).parents[1] / "fonts" / name) for name in ("DarkGardenMK.afm", "DarkGardenMK.pfb")))
pdfmetrics.registerTypeFace(face)
style = getSampleStyleSheet()["Normal"].clone("vera", fontName="Vera")
SimpleDocTemplate("page.pdf", invariant=1).build([Paragraph("Text", style), createBarcodeDrawing("QR", value="text")])
print(Path("page.pdf").stat().st_size, pdfmetrics.stringWidth("text", "Vera", 12), face.name)
