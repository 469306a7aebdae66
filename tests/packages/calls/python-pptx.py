from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

slides = Presentation()
slide = slides.slides.add_slide(slides.slide_layouts[5])
slide.shapes.title.text = "Title"
data = CategoryChartData()
data.categories = ["a", "b"]
data.add_series("series", (1, 2))
slide.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(4), Inches(4), data)
slide.notes_slide.notes_text_frame.text = "notes"
slides.save("page.pptx")
again = Presentation("page.pptx")
print([layout.name for layout in again.slide_layouts], [shape.shape_type for shape in again.slides[0].shapes], again.slides[0].has_notes_slide)
