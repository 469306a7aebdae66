"""Draw a picture with text and formulas, in four formats."""

import hashlib
import io

import matplotlib

matplotlib.use("agg")
from matplotlib import colormaps, font_manager, pyplot, style  # noqa: E402


def main():
    figure, (left, right) = pyplot.subplots(1, 2)
    left.plot([1, 3, 2], label="$x^2$")
    left.legend()
    right.imshow([[0, 1], [2, 3]], cmap="viridis")
    figure.suptitle(r"Größe $\sum_i \sqrt{x_i}$")
    figure.canvas.draw()
    print(figure.canvas.get_width_height(), hashlib.sha256(bytes(figure.canvas.buffer_rgba())).hexdigest())
    matplotlib.rcParams["svg.hashsalt"] = "fixed"
    for kind, metadata in (("png", {}), ("svg", {"Date": None}), ("pdf", {"CreationDate": None}), ("ps", {"CreationDate": ""})):
        file = io.BytesIO()
        figure.savefig(file, format=kind, metadata=metadata)
        text = file.getvalue() if kind != "ps" else b"".join(line for line in file.getvalue().splitlines() if not line.startswith(b"%%"))
        print(kind, len(text), hashlib.sha256(text).hexdigest())
    print(len(style.available), len(colormaps), font_manager.FontProperties(family="DejaVu Sans").get_name())
