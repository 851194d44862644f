"""A small server that speaks LibreTranslate's protocol, and fails in the ways that servers fail.

It translates by putting `es:` before each text: enough to see what came from where.
"""

from __future__ import annotations

import http.server
import json
import ssl
import threading
import time
from types import TracebackType
from typing import Any


class LibreTranslateStandIn:
    """Serves until its ``with`` block ends.

    `faults` are taken from the front, one a request to /translate: "error" (500), "busy" (429 with
    Retry-After), "unavailable" (503), "key" (403), "limit" (400), "stall" (no answer), "trickle" (an
    answer that does not end), "late" (after `late_seconds`), "short" and "long" (the wrong count),
    "text" (one text instead of a list), "html" (no JSON), "gone" (the connection is closed), "redirect".
    "ok" answers as it should; so do requests for which there is no fault left.
    """

    def __init__(self, certificate: tuple[str, str] | None = None) -> None:
        stand_in = self

        class Handler(_Handler):
            server_state = stand_in

        self.faults: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.late_seconds = 0.3
        self.retry_after = "0"
        self.stopping = threading.Event()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def texts(self) -> list[str]:
        """All texts that were asked for, in order, whatever the answer."""
        return [text for request in self.requests for text in request["q"]]

    def __enter__(self) -> LibreTranslateStandIn:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    server_state: LibreTranslateStandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path != "/languages":
            self._answer(404, {"error": "Not found"})
            return
        self._answer(
            200,
            [
                {"code": "it", "name": "Italian", "targets": ["en", "es", "it"]},
                {"code": "es", "name": "Spanish", "targets": ["en", "it", "es"]},
            ],
        )

    def do_POST(self) -> None:
        state = self.server_state
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.requests.append(request)
        fault = state.faults.pop(0) if state.faults else "ok"
        translated = [f"es:{text}" for text in request["q"]]
        match fault:
            case "error":
                self._answer(500, {"error": f"Cannot translate text: {request['q'][0]}"})
            case "busy":
                self._answer(429, {"error": "Slowdown: 30 per 1 minute"}, ("Retry-After", state.retry_after))
            case "unavailable":
                self._answer(503, {"error": "Service unavailable"})
            case "key":
                self._answer(403, {"error": "Invalid API key"})
            case "limit":
                self._answer(400, {"error": "Invalid request: request (9) exceeds text limit (5)"})
            case "stall":
                state.stopping.wait(30)
                self.close_connection = True
            case "trickle":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not state.stopping.wait(0.05):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        break
                self.close_connection = True
            case "gone":
                self.close_connection = True
            case "redirect":
                self._answer(302, {}, ("Location", f"{state.url}/translate"))
            case "html":
                self._send(200, b"<html>Bad gateway</html>")
            case "short":
                self._answer(200, {"translatedText": translated[:-1]})
            case "long":
                self._answer(200, {"translatedText": [*translated, "es:"]})
            case "text":
                self._answer(200, {"translatedText": " ".join(translated)})
            case _:
                if fault == "late":
                    time.sleep(state.late_seconds)
                self._answer(200, {"translatedText": translated})

    def _answer(self, status: int, body: Any, *headers: tuple[str, str]) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), *headers)

    def _send(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
