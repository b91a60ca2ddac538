"""Serving the sandbox on a loopback port, quietly: its addresses hold made-up secrets all the same."""

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Writes no request line; the call log has them without their secrets."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def sandbox_server(app: Flask, *, port: int = 0) -> BaseWSGIServer:
    """A threaded server on the loopback address; port 0 takes a free one."""
    return make_server(HOST, port, app, threaded=True, request_handler=QuietHandler)
