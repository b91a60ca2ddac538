"""The WeChat sandbox as a process of its own that writes down every message it is sent, also a second time."""

import argparse
import json
import sys
import threading
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.serving import make_server

from server.core.clock import now
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import CORPID, demo_state
from server.wechat.sandbox.model import Person, State
from server.wechat.sandbox.serve import QuietHandler

SENDS = "/cgi-bin/message/send"
KEPT = 50
"""Messages that the sandbox itself remembers; it would look through all of them for every new one."""


def counting(app: Flask, state: State, log: Path) -> None:
    """Write a line for every message taken: when, for whom, and its address."""
    book, lock = log.open("a"), threading.Lock()

    @app.after_request
    def write(response: Response) -> Response:
        if request.path == SENDS and response.get_json().get("errcode") == 0:
            body = request.get_json(force=True)
            card = body["textcard"]
            with lock:
                book.write(json.dumps([now().timestamp(), body["touser"], card["title"], card["url"]]) + "\n")
                book.flush()
            with state.lock:
                del state.arrivals[:-KEPT]
        return response


def main(arguments: list[str]) -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults.sink")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args(arguments)
    state = demo_state(now)
    state.people += [Person(name, "", {CORPID: name}) for name in given.people.read_text().split()]
    app = create_sandbox(state, clock=now)
    counting(app, state, given.log)
    make_server(given.host, given.port, app, threaded=True, request_handler=QuietHandler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
