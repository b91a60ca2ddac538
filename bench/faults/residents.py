"""Residents as a process of their own: `python -m bench.faults.residents`, its orders on standard input.

Each keeps its idempotency key and sends the same report again after a cut, a refusal or a wait, as the page does. The
log has a line for every 2xx, fsynced before the next report goes out; the summary on standard output counts every
answer by its kind.
"""

import base64
import http.client
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAUSE, PAUSE_MOST = 0.3, 2.0
"""Seconds before a report goes out again; Retry-After is heeded up to the second one, or a run would take hours."""
SAMPLE = 600
EDGE, PHOTO_TRIES = "edge-of-a-photo", 3


@dataclass
class Tally:
    """What came back, by kind: the status, `cut`, or `503 bare` for one without Retry-After."""

    answers: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)
    given_up: int = 0
    slowest: float = 0.0


class Residents:
    """Everybody who files, over as many connections as ordered."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order, self.dice, self.tally = order, random.Random(order["seed"]), Tally()
        self.begun, self.next, self.lock = time.monotonic(), 0, threading.Lock()
        self.book = Path(order["log"]).open("a", buffering=1)  # noqa: SIM115 - as long as the process
        self.over = threading.Event()

    def turn(self) -> dict[str, Any] | None:
        """The next report, at its time; None when there are no more."""
        with self.lock:
            number = self.next
            if number >= self.order["total"] or self.over.is_set():
                return None
            self.next += 1
            made = self.made(number)
        wait = self.begun + number / self.order["rate"] - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        return made

    def made(self, number: int) -> dict[str, Any]:
        """One report with a key and a sender of its own."""
        dice = self.dice
        body = {
            "place": dice.choice(self.order["codes"]),
            "kind": dice.choice(self.order["kinds"]),
            "text": f"地下室漏水，已经两天了。{number}",
            "where": {"building": "3号楼", "unit": "2单元"},
        }
        sender = f"36.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}"
        return {"key": f"{dice.getrandbits(128):032x}", "sender": sender, "body": body}

    def file(self) -> None:
        """One resident after another until all have filed."""
        line = Line(self.order, self.tally, self.lock)
        while (made := self.turn()) is not None:
            self.until_taken(line, made)

    def until_taken(self, line: "Line", made: dict[str, Any]) -> None:
        """Send it until it is taken, however often that needs; then write it down for good."""
        headers = {"Idempotency-Key": made["key"], "X-Forwarded-For": made["sender"]}
        if self.order["photos"]:
            made["body"]["photos"] = self.photo(line, made)
        began = time.monotonic()
        while time.monotonic() - began < self.order["patience"]:
            status, wait, answer = line.ask("POST", "/api/v1/reports", headers, made["body"])
            if 200 <= status < 300:
                self.write([json.loads(answer)["no"], made["key"], time.time(), status])
                self.tally.slowest = max(self.tally.slowest, time.monotonic() - began)
                return
            if status == 429:
                break
            time.sleep(min(wait, PAUSE_MOST))
        with self.lock:
            self.tally.given_up += 1

    def photo(self, line: "Line", made: dict[str, Any]) -> list[str]:
        """The photo's id, or nothing: where it cannot be kept, the report goes without it, as the page says."""
        picture = base64.b64decode(self.order["picture"])
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        body = head.encode() + picture + f"\r\n--{EDGE}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={EDGE}", "X-Forwarded-For": made["sender"]}
        for _ in range(PHOTO_TRIES):
            status, wait, answer = line.ask(
                "POST", "/api/v1/photos", headers | {"Idempotency-Key": made["key"]}, body
            )
            if status == 201:
                return [json.loads(answer)["id"]]
            time.sleep(min(wait, PAUSE_MOST) if status == 0 else 0)
            if status:
                break
        return []

    def write(self, entry: list[Any]) -> None:
        """A line of the log, on the disk before this returns."""
        with self.lock:
            self.book.write(json.dumps(entry) + "\n")
        os.fsync(self.book.fileno())

    def read(self) -> None:
        """Look at pages and calls in turn, as neighbours and staff do meanwhile."""
        line = Line(self.order, self.tally, self.lock)
        while not self.over.wait(0.25):
            for path, headers in self.order["reads"]:
                line.ask("GET", path, headers, None)

    def run(self) -> dict[str, Any]:
        """File everything; gives the summary."""
        reader = threading.Thread(target=self.read)
        crowd = [threading.Thread(target=self.file) for _ in range(self.order["connections"])]
        for thread in (reader, *crowd):
            thread.start()
        for thread in crowd:
            thread.join()
        self.over.set()
        reader.join()
        took = time.monotonic() - self.begun
        return vars(self.tally) | {"filed": self.next, "seconds": took}


class Line:
    """One connection, renewed when it breaks; each time to the next address, as a proxy in front would."""

    def __init__(self, order: dict[str, Any], tally: Tally, lock: threading.Lock) -> None:
        self.addresses, self.timeout, self.tally, self.lock = (
            order["addresses"],
            order["timeout"],
            tally,
            lock,
        )
        self.at = random.randrange(len(self.addresses))
        self.link: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, float, bytes]:
        """The status (0 where the line broke), the seconds to wait, and the body of one answer."""
        told = {"Content-Type": "application/json"} | headers
        try:
            self.link = self.link or self.opened()
            self.link.request(method, path, json.dumps(body) if isinstance(body, dict) else body, told)
            answer = self.link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.drop()
            self.note("cut", method, path, b"")
            return 0, PAUSE, b""
        after = answer.headers.get("Retry-After")
        kind = str(answer.status)
        if answer.status == 503 and after is None:
            kind = "503 bare"
        self.note(kind, method, path, text)
        if answer.status >= 500:
            self.drop()
        return answer.status, float(after) if after and after.isdigit() else PAUSE, text

    def opened(self) -> http.client.HTTPConnection:
        """A fresh connection to the next address."""
        self.at = (self.at + 1) % len(self.addresses)
        host, port = self.addresses[self.at]
        return http.client.HTTPConnection(host, port, timeout=self.timeout)

    def drop(self) -> None:
        """Close the connection; the next call opens another."""
        if self.link:
            self.link.close()
        self.link = None

    def note(self, kind: str, method: str, path: str, text: bytes) -> None:
        """Count an answer, and keep the first bad one of a kind."""
        with self.lock:
            self.tally.answers[kind] += 1
            if kind[0] in "45":
                self.tally.samples.setdefault(
                    kind, f"{method} {path}: {text[:SAMPLE].decode(errors='replace')}"
                )


if __name__ == "__main__":
    print(json.dumps(Residents(json.load(sys.stdin)).run(), ensure_ascii=False))
