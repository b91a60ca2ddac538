"""Which closed reports a look-back checks: the same seed and the same reports give the same sample (pure; A10)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.policy.ledger import Stratum

WHOLE = 100


@dataclass(frozen=True)
class Candidate:
    """One closed report, by its number, and where it counts."""

    no: str
    kind: str
    estate: str
    company: str
    """Empty where no company serves the estate."""

    def of(self, stratum: Stratum) -> str:
        """To which group it belongs."""
        return {Stratum.KIND: self.kind, Stratum.ESTATE: self.estate, Stratum.COMPANY: self.company}[stratum]


def lot(seed: str, no: str) -> str:
    """The lot of one report; it depends on nothing but the seed and its number."""
    return hashlib.sha256(f"{seed}:{no}".encode()).hexdigest()


def draw(
    candidates: Iterable[Candidate],
    *,
    seed: str,
    share_percent: int,
    least: int,
    strata: Sequence[Stratum],
    number: int | None = None,
) -> tuple[str, ...]:
    """The numbers of the sample in the order of their lots, in whichever order the candidates come.

    At least `least` of every kind, estate and company that the strata name, then by lot up to the share, rounded up.
    A `number` instead of the share is never exceeded; where it is too small for all groups, lots decide.
    """
    ranked = sorted({one.no: one for one in candidates}.values(), key=lambda one: lot(seed, one.no))
    covering = _covering(ranked, least=least, strata=strata)
    wanted = -(-len(ranked) * share_percent // WHOLE) if number is None else number
    others = [one.no for one in ranked if one.no not in covering]
    chosen = [*covering, *others][: max(wanted, len(covering)) if number is None else number]
    return tuple(sorted(chosen, key=lambda no: lot(seed, no)))


def _covering(ranked: Sequence[Candidate], *, least: int, strata: Sequence[Stratum]) -> dict[str, None]:
    """As few as the lots allow, so that every group has its least."""
    found: dict[str, None] = {}
    have: dict[tuple[Stratum, str], int] = {}
    for one in ranked:
        groups = [(stratum, one.of(stratum)) for stratum in strata]
        if any(have.get(group, 0) < least for group in groups):
            found[one.no] = None
            for group in groups:
                have[group] = have.get(group, 0) + 1
    return found
