import sys

from guestbook import app

if "--print" in sys.argv:
    print(app.test_client().get("/").get_data(as_text=True))
else:
    app.run(port=8000)
