"""Who checks which report of a sample: somebody of its own area, the work spread evenly (pure; A10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.accounts.roles import Role


@dataclass(frozen=True)
class Inspector:
    """A post whose holder checks."""

    post_id: int
    body_id: int
    role: Role


@dataclass(frozen=True)
class Spot:
    """Where a report of the sample lies."""

    no: str
    community_id: int
    township_id: int


def assign(spots: Sequence[Spot], inspectors: Sequence[Inspector], *, otherwise: int) -> dict[str, int]:
    """Number → post: nearest first (community, township, bureau), the least busy among them, else `otherwise`."""
    load = {one.post_id: 0 for one in inspectors}
    found: dict[str, int] = {}
    for spot in spots:
        near = _near(spot, inspectors)
        chosen = min(near, key=lambda post_id: (load[post_id], post_id)) if near else otherwise
        load[chosen] = load.get(chosen, 0) + 1
        found[spot.no] = chosen
    return found


def _near(spot: Spot, inspectors: Sequence[Inspector]) -> list[int]:
    for role, body_id in (
        (Role.COMMUNITY, spot.community_id),
        (Role.TOWNSHIP, spot.township_id),
        (Role.BUREAU, None),
    ):
        near = [one.post_id for one in inspectors if one.role is role and body_id in (None, one.body_id)]
        if near:
            return near
    return []
