from pathlib import Path

import plotly.graph_objects as go
import plotly.io as pio
from plotly.offline import get_plotlyjs

figure = go.Figure(go.Bar(x=["a", "b"], y=[1, 2]), layout={"template": "plotly_dark"})
figure.write_html("page.html", include_plotlyjs=True, div_id="id")
print(len(get_plotlyjs()), Path("page.html").stat().st_size, sorted(pio.templates), len(figure.to_json()))
try:
    figure.update_traces(nothing=1)
except ValueError as error:
    print(str(error)[:80])
