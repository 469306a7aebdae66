import matplotlib

matplotlib.use("agg")
from matplotlib import colormaps, font_manager, pyplot, style  # noqa: E402

figure, axes = pyplot.subplots()
axes.plot([1, 2, 3])
axes.set_title("Title $x^2$")
for name in ("kept.png", "kept.svg", "kept.pdf"):
    figure.savefig(name, metadata={"Date": None} if name.endswith("svg") else {"CreationDate": None} if name.endswith("pdf") else None)
print(len(style.available), len(colormaps), font_manager.FontProperties(family="DejaVu Sans").get_name(), matplotlib.get_data_path().endswith("mpl-data"))
