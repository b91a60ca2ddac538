"""Web servers as `make run` starts them, on ports of our own, and runs of the load client against them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bench.figures import SECONDS, WARM_UP
from server.launch import ROOT, taken, web_command

CONNECTIONS = 16
FIRST_PORT = 21000
"""Below 32768: higher ports may be held by an outgoing connection."""
STARTS_WITHIN = 60


def free_port(first: int = FIRST_PORT) -> int:
    """A port that nobody listens on, the first one from a number on."""
    return next(port for port in range(first, first + 500) if not taken(port))


@contextmanager
def serving(target: str, env: Mapping[str, str]) -> Iterator[int]:
    """Two processes serving an application; gives their port."""
    port = free_port()
    command = web_command(target, port, host="127.0.0.1")
    child = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(env))
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not taken(port):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{target} did not start")
            time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait(30)


def get(path: str, headers: Mapping[str, str] | None = None) -> str:
    """A GET request as it goes over the wire."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n"


def post_json(path: str, body: Mapping[str, Any]) -> str:
    """A POST request as it comes from our own proxy: each time another sender, with a fresh idempotency key."""
    text = json.dumps(body)
    head = f"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n"
    head += "X-Forwarded-For: {sender}\r\n"
    return f"POST {path} HTTP/1.1\r\n{head}Idempotency-Key: {{key}}\r\n\r\n{text}"


def load(port: int, requests: Sequence[str], *, connections: int = CONNECTIONS) -> dict[str, Any]:
    """One run of the load client, in a process of its own. Raises when an answer was no success."""
    order = {
        "host": "127.0.0.1",
        "port": port,
        "requests": list(requests),
        "connections": connections,
        "seconds": SECONDS,
        "warm_up": WARM_UP,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.pump"],
        cwd=ROOT,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    if found["refused"]:
        raise RuntimeError(
            f"{found['refused']} of {found['answers']} answers were refused: {found['sample']}"
        )
    return found
