"""A fault while residents file: they go on, and afterwards everything is compared. One figure for each fault."""

import random
import time
from collections.abc import Callable
from dataclasses import replace

from bench.faults.findings import Findings, look, settled, torn
from bench.faults.product import Crowd, Product
from bench.figures import Figure

SETTLES_WITHIN = 120.0
"""Most seconds after the last report until every push is out; a lease and a round of the worker fit in."""
Fault = Callable[[Product], None]


def tried(
    name: str,
    product: Product,
    fault: Fault,
    *,
    seconds: float,
    rate: float,
    seed: int,
    photos: bool = False,
    timeout: float = 30.0,
) -> Figure:
    """Residents file for so many seconds; the fault comes after a fifth of the reports."""
    total = max(20, int(seconds * rate))
    before = len(product.acknowledged.read_text().split("\n")) - 1 if product.acknowledged.exists() else 0
    crowd = Crowd(
        product,
        total=total,
        rate=rate,
        seed=random.Random(f"{name}{seed}").getrandbits(32),
        photos=photos,
        timeout=timeout,
    )
    try:
        crowd.wait_for(before + total // 5)
        began = time.monotonic()
        fault(product)
        took = time.monotonic() - began
    except BaseException:
        crowd.process.kill()
        raise
    summary = crowd.summary()
    settled(product, within=SETTLES_WITHIN)
    return verdict(name, look(product, summary), torn=torn(product), fault_s=round(took, 1), filed=total)


def verdict(name: str, found: Findings, *, torn: int, **more: object) -> Figure:
    """One line: how many things went wrong of all that must not."""
    faults = {
        "lost": found.lost,
        "bare": found.bare,
        "twice": found.twice,
        "outstanding": found.outstanding,
        "torn photos": torn,
        **found.wrong,
    }
    told = {
        "answers": found.crowd["answers"],
        "slowest_s": round(found.crowd["slowest"], 1),
        "duplicates_percent": round(found.duplicates, 2),
        "faults": {name: count for name, count in faults.items() if count},
        "samples": {kind: text for kind, text in found.crowd["samples"].items() if kind in found.wrong},
    }
    wrong = sum(faults.values())
    asked = "nothing lost, late, doubled, torn or answered with 500"
    return Figure(name, wrong, 0, "faults", found.acknowledged, asked, reached=not wrong, more=told | more)


def counted(figures: list[Figure]) -> Figure:
    """How many of the faults were survived."""
    whole = sum(figure.reached for figure in figures)
    n = len(figures)
    return replace(
        figures[0],
        name="faults survived",
        ours=whole,
        limit=n,
        n=n,
        reached=whole == n,
        more={},
        unit="faults",
    )
