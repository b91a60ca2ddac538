"""One process of callers without a token: `python -m bench.load.callers INSTANT THREADS`; seconds of each that got one."""

import sys
import threading
import time

from flask import Flask

from server.app import create_app
from server.wechat.errors import WeChatRefused

NO_FILE = "40007"
"""What WeChat answers to whoever has a token and asks for a file that is not there."""


def call(app: Flask, at: float, took: list[float]) -> None:
    """Wait for the instant, then ask for a file, which needs a token."""
    time.sleep(max(0.0, at - time.time()))
    began = time.perf_counter()
    with app.app_context():
        try:
            app.extensions["wechat"].accounts().mp.media_get("none")
        except WeChatRefused as refused:
            if refused.code != NO_FILE:
                raise
    took.append(time.perf_counter() - began)


def main(at: float, threads: int) -> None:
    """All threads at once."""
    app, took = create_app(), list[float]()
    callers = [threading.Thread(target=call, args=(app, at, took)) for _ in range(threads)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    print(*took, sep="\n")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
