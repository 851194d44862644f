"""Serves a folder on a free port of the loopback interface, and says which.

Chromium's --dump-dom writes what a page shows when it is loaded, and a page is not loaded as long as an image
of it is not: GET /hold answers when the page has said POST /done.
"""

import http.server
import sys
import threading

HOLD_SECONDS_MAX = 100


class Site(http.server.SimpleHTTPRequestHandler):
    done = threading.Event()

    def do_GET(self):
        if self.path != "/hold":
            return super().do_GET()
        self.done.wait(HOLD_SECONDS_MAX)
        self.done.clear()
        self.send_response(204)
        self.end_headers()

    def do_POST(self):
        self.done.set()
        self.send_response(204)
        self.end_headers()


def handler(*arguments):
    return Site(*arguments, directory=sys.argv[1])


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
