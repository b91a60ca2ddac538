"""Afterwards: the residents' log beside the database and the sink."""

import json
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import psycopg

from bench.faults.product import Product
from bench.figures import Figure, at_most
from server.core import clock
from server.core.tokens import fingerprint
from server.notices import night
from server.photos.links import Size
from server.photos.service import file_name

DUPLICATES_MOST = 0.5
"""Percent of the pushes sent."""
BARE = """
SELECT count(*) FROM report r WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.report_id = r.id)
OR NOT EXISTS (SELECT 1 FROM report_event e WHERE e.report_id = r.id AND e.act = 'submit')
"""
OUTSTANDING = """
SELECT count(*) FROM push WHERE state = 'pending' AND (urgent OR county_id <> ALL(%(asleep)s::text[]))
"""
STATES = "SELECT state, count(*) FROM push GROUP BY state"


@dataclass(frozen=True)
class Findings:
    """What came of a run."""

    acknowledged: int
    lost: int
    bare: int
    twice: int
    outstanding: int
    sent: int
    messages: int
    states: dict[str, int]
    crowd: dict[str, Any]

    @property
    def duplicates(self) -> float:
        """Messages beyond one for each push, in percent of the pushes sent."""
        return 100 * max(0, self.messages - self.sent) / self.sent if self.sent else 0.0

    @property
    def wrong(self) -> dict[str, int]:
        """Answers that a fault must never bring: 5xx other than 503 with Retry-After, refusals, reports given up."""
        found = {kind: n for kind, n in self.crowd["answers"].items() if kind[0] in "45" and kind != "503"}
        return found | ({"given up": self.crowd["given_up"]} if self.crowd["given_up"] else {})

    def figures(self, name: str) -> list[Figure]:
        """One figure for each thing asked."""
        n = self.acknowledged
        told = {"answers": self.crowd["answers"], "slowest_s": round(self.crowd["slowest"], 1)}
        asked = [
            at_most(f"{name}: acknowledged lost", self.lost, 0, times=1, unit="reports", n=n, **told),
            at_most(f"{name}: without inbox or history", self.bare, 0, times=1, unit="reports", n=n),
            at_most(f"{name}: filed twice", self.twice, 0, times=1, unit="reports", n=n),
            at_most(f"{name}: pushes outstanding", self.outstanding, 0, times=1, unit="pushes", n=self.sent),
            at_most(
                f"{name}: sent more than once",
                self.duplicates,
                DUPLICATES_MOST,
                times=1,
                unit="percent",
                n=self.sent,
                messages=self.messages,
                states=self.states,
            ),
        ]
        more = {"kinds": self.wrong, "samples": self.crowd["samples"]} if self.wrong else {}
        return [
            *asked,
            at_most(
                f"{name}: wrong answers", sum(self.wrong.values()), 0, times=1, unit="answers", n=n, **more
            ),
        ]


def acknowledged(product: Product) -> list[tuple[str, str]]:
    """Number and key of every report that a resident was told is taken; a torn last line counts for nothing."""
    lines = product.acknowledged.read_text().split("\n")[:-1]
    return [(entry[0], entry[1]) for entry in map(json.loads, lines)]


def outstanding(link: psycopg.Connection[Any]) -> int:
    """How many pushes are neither done nor given up, but for those that the night holds back."""
    (count,) = link.execute(OUTSTANDING, {"asleep": night.asleep(clock.now())}).fetchone() or (0,)
    return int(count)


def look(product: Product, crowd: dict[str, Any]) -> Findings:
    """Compare, at this moment."""
    told = acknowledged(product)
    with psycopg.connect(product.owner) as link:
        kept = dict(link.execute("SELECT no, key_hash FROM report").fetchall())
        states = dict(link.execute(STATES).fetchall())
        bare = link.execute(BARE).fetchone()[0]
        waiting = outstanding(link)
    lost = sum(1 for no, key in told if kept.get(no) != fingerprint(key))
    messages = product.sent.read_bytes().count(b"\n") if product.sent.exists() else 0
    return Findings(
        acknowledged=len(told),
        lost=lost,
        bare=bare,
        twice=len(told) - len({key for _, key in told}) + len(kept) - len(set(kept.values())),
        outstanding=waiting,
        sent=states.get("sent", 0),
        messages=messages,
        states=states,
        crowd=crowd,
    )


def torn(product: Product) -> int:
    """Photos in the store that are not the bytes that were taken, or of a report and not there at all."""
    with psycopg.connect(product.owner) as link:
        rows = link.execute("SELECT id, sha256, report_id FROM photo").fetchall()
    bad = 0
    for photo, expected, report in rows:
        path = product.folder / "photos" / file_name(photo, Size.FULL)
        kept = path.read_bytes() if path.exists() else b""
        bad += sha256(kept).hexdigest() != expected if kept or report else 0
    return bad


def settled(product: Product, *, within: float) -> float:
    """Wait until no push is outstanding, at most so many seconds; how long it took."""
    began = time.monotonic()
    with psycopg.connect(product.owner, autocommit=True) as link:
        while time.monotonic() - began < within:
            if not outstanding(link):
                break
            time.sleep(0.5)
    return time.monotonic() - began
