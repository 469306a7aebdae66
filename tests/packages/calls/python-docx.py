from pathlib import Path

from docx import Document

document = Document()
document.add_heading("Title", 0)
document.add_paragraph("item", style="List Bullet")
document.sections[0].header.paragraphs[0].text = "header"
document.sections[0].footer.paragraphs[0].text = "footer"
document.core_properties.title = "title"
document.save("page.docx")
again = Document("page.docx")
print([each.text for each in again.paragraphs], len(again.styles), again.sections[0].header.paragraphs[0].text, Path("page.docx").stat().st_size > 20000)
