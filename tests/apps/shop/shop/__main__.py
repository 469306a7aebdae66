"""Print what the application answers."""

from . import app

client = app.test_client()
for path in ("/", "/static/style.css", "/absent"):
    answer = client.get(path)
    print(answer.status, answer.content_type, len(answer.data))
    print(answer.get_data(as_text=True))
