"""Whose desk a report lands on: posts of bodies, who holds them, how to reach each; pure but for one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.accounts.terms import RUNNING
from server.core import wire

RECEIVING = ("manager", "community", "township", "department", "utility", "court", "bureau")
"""Roles whose posts take reports; admins and auditors see no report text."""


@dataclass(frozen=True)
class Desk:
    """One post of a body and one of its holders with his first address; holder and address may be missing."""

    body_id: int
    key: str | None
    parent_id: int | None
    post_id: int
    person_id: int | None
    address_id: int | None
    channel: str | None
    robot_id: int | None


@dataclass(frozen=True)
class Reach:
    """One push to be written: to a person on his first channel, or to a body's group robot."""

    post_id: int | None
    person_id: int | None
    address_id: int | None
    channel: str


@dataclass
class Delivery:
    """The inbox rows and pushes of one occasion, and the bodies where nobody holds the post."""

    inbox: dict[int, tuple[int, str]] = field(default_factory=dict)
    """post → (body, part)."""
    pushes: dict[tuple[int | None, int | None], Reach] = field(default_factory=dict)
    vacant: list[int] = field(default_factory=list)


DESKS = f"""
SELECT b.id, b.key, b.parent_id, p.id, h.person_id, a.id, a.channel, r.id
FROM body b
JOIN post p ON p.body_id = b.id AND p.role = ANY(%(roles)s)
LEFT JOIN holding h ON h.post_id = p.id AND {RUNNING}
LEFT JOIN LATERAL (
  SELECT id, channel FROM address WHERE person_id = h.person_id AND ended_at IS NULL ORDER BY rank, id LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT id FROM address WHERE body_id = b.id AND ended_at IS NULL ORDER BY id LIMIT 1
) r ON true
WHERE b.county_id = %(county)s AND (b.id = ANY(%(ids)s) OR b.key = ANY(%(keys)s))
ORDER BY b.id, p.id, h.id
"""  # noqa: S608 - the fragment is ours


def find_desks(
    county_id: str, *, ids: Iterable[int] = (), keys: Iterable[str] = (), now: datetime
) -> list[Desk]:
    """The desks of bodies by number or by the book's key; one statement, written out because it is hot."""
    given = {"county": county_id, "ids": list(ids), "keys": list(keys), "roles": list(RECEIVING), "now": now}
    return [Desk(*row) for row in wire.rows(DESKS, given)]


def deliver(desks: Sequence[Desk], wanted: Mapping[int, str]) -> Delivery:
    """Rows for every wanted body (body → part); where nobody holds a post, one level up as well."""
    by_body: dict[int, list[Desk]] = {}
    for desk in desks:
        by_body.setdefault(desk.body_id, []).append(desk)
    found = Delivery()
    for body_id, part in wanted.items():
        _put(found, by_body, body_id, part)
    return found


def _put(found: Delivery, by_body: Mapping[int, Sequence[Desk]], body_id: int, part: str) -> None:
    here = by_body.get(body_id, ())
    for desk in here:
        found.inbox.setdefault(desk.post_id, (body_id, part))
        if desk.person_id is not None:
            reach = Reach(desk.post_id, desk.person_id, desk.address_id, desk.channel or "none")
            found.pushes.setdefault((desk.person_id, None), reach)
        if desk.robot_id is not None:
            robot = Reach(desk.post_id, None, desk.robot_id, "wecom_robot")
            found.pushes.setdefault((None, desk.robot_id), robot)
    if not any(desk.person_id for desk in here):
        found.vacant.append(body_id)
        parent = here[0].parent_id if here else None
        if parent is not None and parent in by_body:
            _put(found, by_body, parent, "escalated")
