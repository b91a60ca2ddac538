"""How long what a killed worker held waits: one kill at a time, so that no other fault adds to it."""

import random

from bench.faults.findings import settled
from bench.faults.kills import Killer, recovery
from bench.faults.product import Crowd, Product
from bench.figures import Figure

SECONDS, SETTLES_WITHIN = 4, 60.0


def run(product: Product, *, rounds: int, rate: float, seed: int) -> list[Figure]:
    """In every round residents file, a worker is killed among its work, and all that is due goes out."""
    killer = Killer(product, random.Random(seed))
    for number in range(rounds):
        crowd = Crowd(product, total=int(rate * SECONDS), rate=rate, seed=seed + number)
        crowd.wait_for(crowd.total * number + crowd.total // 2)
        killer.worker()
        crowd.summary()
        settled(product, within=SETTLES_WITHIN)
    return [recovery(killer, f"{rounds} workers killed, one at a time")]
