import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"agent": "%s"}' % self.headers["User-Agent"].encode())

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Answering)
threading.Thread(target=server.serve_forever, daemon=True).start()
session = requests.Session()
session.trust_env = False
print(session.get("http://127.0.0.1:%d/" % server.server_port, verify=True).json())
try:
    session.get("https://127.0.0.1:%d/" % server.server_port)
except requests.exceptions.SSLError as error:
    print(type(error).__name__)  # the certificates were read before
