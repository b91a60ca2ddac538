"""A small HTTP client that keeps connections busy and counts: `python -m bench.pump`, its orders on standard input."""

import json
import secrets
import selectors
import socket
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any

KEY, SENDER = b"{key}", b"{sender}"
"""Replaced in every request: by a fresh random text, and by the address of one more household."""
RECEIVE = 256 * 1024
RENEWED_AFTER = 0.25
"""Seconds that a connection is kept: which process takes a connection is luck, and this evens it out."""


@dataclass
class Line:
    """One connection: what it waits for, and since when."""

    link: socket.socket
    opened: float = 0.0
    began: float = 0.0
    got: bytearray = field(default_factory=bytearray)


@dataclass
class Tally:
    """What came back."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    sample: str = ""


def whole(got: bytearray) -> bool:
    """Whether the answer has arrived to its last byte."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(got[:end]).lower()
    at = head.find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return len(got) >= end + 4 + length


class Client:
    """As many connections as ordered, each sending its next request when the last is answered."""

    def __init__(self, host: str, port: int, requests: list[bytes], connections: int) -> None:
        self.requests, self.turn = requests, 0
        self.address = (host, port)
        self.ready = selectors.DefaultSelector()
        self.lines = [self.opened() for _ in range(connections)]

    def opened(self) -> Line:
        """A fresh connection."""
        line = Line(socket.create_connection(self.address), time.perf_counter())
        line.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ready.register(line.link, selectors.EVENT_READ, line)
        return line

    def renewed(self, line: Line) -> Line:
        """The connection, or another in its place when it has served its time."""
        if time.perf_counter() - line.opened < RENEWED_AFTER:
            return line
        self.ready.unregister(line.link)
        line.link.close()
        return self.opened()

    def send(self, line: Line) -> None:
        """The next request on a connection."""
        request = self.requests[self.turn % len(self.requests)]
        self.turn += 1
        if KEY in request:
            request = request.replace(KEY, secrets.token_hex(16).encode())
        if SENDER in request:
            request = request.replace(SENDER, f"36.{'.'.join(map(str, secrets.token_bytes(3)))}".encode())
        line.got.clear()
        line.began = time.perf_counter()
        line.link.sendall(request)

    def take(self, line: Line, tally: Tally) -> None:
        """What has arrived; once it is whole it counts and the next request goes out."""
        more = line.link.recv(RECEIVE)
        if not more:
            raise ConnectionError("the server closed a connection")
        line.got += more
        if not whole(line.got):
            return
        tally.times.append(time.perf_counter() - line.began)
        if line.got[9:10] != b"2":
            tally.refused += 1
            tally.sample = bytes(line.got[:600]).decode(errors="replace")
        self.send(self.renewed(line))

    def run(self, seconds: float) -> Tally:
        """Keep going for so many seconds."""
        tally = Tally()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _ in self.ready.select(0.1):
                self.take(key.data, tally)
        return tally


def measure(order: dict[str, Any]) -> dict[str, Any]:
    """One run as ordered: a warm-up, then the seconds that count."""
    client = Client(
        order["host"], order["port"], [text.encode() for text in order["requests"]], order["connections"]
    )
    for line in client.lines:
        client.send(line)
    client.run(order["warm_up"])
    began = time.perf_counter()
    tally = client.run(order["seconds"])
    took = time.perf_counter() - began
    cuts = statistics.quantiles(tally.times, n=100) if len(tally.times) > 1 else [0.0] * 99
    return {
        "rate": len(tally.times) / took,
        "p50": cuts[49] * 1000,
        "p99": cuts[98] * 1000,
        "answers": len(tally.times),
        "refused": tally.refused,
        "sample": tally.sample,
    }


if __name__ == "__main__":
    print(json.dumps(measure(json.load(sys.stdin))))
