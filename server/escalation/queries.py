"""Reading the feed: a page for one actor, and the version that polling compares; written out because it is hot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from server.accounts.bodies import body_in
from server.accounts.models import BodyKind
from server.accounts.permissions import Scope, report_scope
from server.accounts.roles import Actor
from server.core import paging, wire
from server.core.errors import NotFound

COLUMNS = """
SELECT f.id, f.reason, f.level, f.detail, f.opened_at, f.closed_at, f.note, f.county_id, f.kind,
       f.estate_id, e.name, c.name, r.no, r.state, r.due_at, r.safety, h.name
FROM feed_entry f
LEFT JOIN report r ON r.id = f.report_id
LEFT JOIN estate e ON e.id = f.estate_id
LEFT JOIN body c ON c.id = f.community_id
LEFT JOIN body h ON h.id = r.handler_id
WHERE f.county_id = %(county)s
"""
VERSION = "SELECT version FROM feed_version WHERE county_id = %(county)s"


class FeedRow(NamedTuple):
    """One entry with what a reader needs of its report; the report's columns are empty for the system's own alarms."""

    id: int
    reason: str
    level: str
    detail: str
    opened_at: datetime
    closed_at: datetime | None
    note: str
    county_id: str
    kind: str | None
    estate_id: int | None
    estate: str | None
    community: str | None
    no: str | None
    state: str | None
    due_at: datetime | None
    safety: bool | None
    handler: str | None


@dataclass(frozen=True)
class FeedFilter:
    """What the feed is narrowed to; `area` is a township or a community."""

    area: int | None = None
    kinds: tuple[str, ...] = ()
    reason: str | None = None
    open: bool | None = None


def feed_version(county_id: str) -> int:
    """The county's feed version: moves whenever an entry, or a report that stands on the feed, changes."""
    found = wire.rows(VERSION, {"county": county_id})
    return int(found[0][0]) if found else 0


def feed_page(actor: Actor, wanted: FeedFilter, *, after: str | None, limit: int) -> paging.Page[FeedRow]:
    """A page of the feed, the newest first: the whole county for its bureau, else the actor's own areas.

    Raises NotFound for an area that is none of this county's.
    """
    scope = report_scope(actor)
    cursor = paging.decode(after, (int,))
    conditions, given = _conditions(scope, wanted)
    if cursor:
        conditions.append("f.id < %(last)s")
        given["last"] = cursor[0]
    given |= {"county": scope.county_id, "limit": limit + 1}
    statement = " AND ".join((COLUMNS.rstrip(), *conditions)) + " ORDER BY f.id DESC LIMIT %(limit)s"
    rows = [FeedRow(*row) for row in wire.rows(statement, given)]
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def _conditions(scope: Scope, wanted: FeedFilter) -> tuple[list[str], dict[str, Any]]:
    """The conditions as literals of ours, their values as parameters."""
    found, given = _in_sight(scope)
    if wanted.area is not None and scope.county_id:
        kind = body_in(scope.county_id, wanted.area).kind
        if kind not in AREAS:
            raise NotFound("没有找到这个镇街或社区。")
        found.append(f"f.{AREAS[kind]} = %(area)s")
        given["area"] = wanted.area
    if wanted.kinds:
        found.append("f.kind = ANY(%(kinds)s)")
        given["kinds"] = list(wanted.kinds)
    if wanted.reason:
        found.append("f.reason = %(reason)s")
        given["reason"] = wanted.reason
    if wanted.open is not None:
        found.append("f.closed_at IS NULL" if wanted.open else "f.closed_at IS NOT NULL")
    return found, given


AREAS: dict[str, str] = {BodyKind.TOWNSHIP: "township_id", BodyKind.COMMUNITY: "community_id"}


def _in_sight(scope: Scope) -> tuple[list[str], dict[str, Any]]:
    if scope.whole_county:
        return [], {}
    mine = "(f.township_id = ANY(%(townships)s) OR f.community_id = ANY(%(communities)s))"
    if not scope.communities:
        mine = "f.township_id = ANY(%(townships)s)"
    elif not scope.townships:
        mine = "f.community_id = ANY(%(communities)s)"
    return [mine], {"townships": list(scope.townships), "communities": list(scope.communities)}
