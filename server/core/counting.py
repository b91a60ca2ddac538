"""Every answer is counted by its route's pattern, where somebody may ask for the figures."""

import time

from flask import Flask, Response, g, request

from server.core import apart
from server.core.logs import route
from server.core.measures import REQUEST_SECONDS, REQUESTS, unfailing

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def install(app: Flask) -> None:
    """Count answers when METRICS_TOKEN is set; nobody may learn from figures that there is a confidential report."""
    if not app.extensions["settings"].metrics_token:
        return

    @app.after_request
    def count(response: Response) -> Response:
        if not apart.asked():
            method = request.method if request.method in METHODS else "OTHER"
            took = time.monotonic() - g.get("began", time.monotonic())
            with unfailing():
                REQUESTS.labels(method, route(), str(response.status_code)).inc()
                REQUEST_SECONDS.labels(method, route()).observe(took)
        return response
