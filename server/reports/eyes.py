"""Whose eyes may read a report as it was typed: its author's and the offices'; all others' read it masked (A3, A4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.permissions import Part, Subject, parts
from server.accounts.roles import Actor
from server.core.mask_home import without_home
from server.core.masks import mask_numbers
from server.reports.facts import subject
from server.reports.models import Event, Report
from server.reports.origins import HOTLINE, without_orders

AS_TYPED = frozenset({Part.OWNER, Part.BUREAU, Part.COMMUNITY, Part.TOWNSHIP})
"""Whoever is none of these (the company, a department, a utility, the holder of a link) reads it masked."""


@dataclass(frozen=True)
class Eyes:
    """How one reader is shown one report."""

    as_typed: bool
    posts: frozenset[int] = frozenset()
    """The reader's own posts: what he wrote himself he reads as he wrote it."""
    bodies: frozenset[int] = frozenset()

    def words(self, text: str | None) -> str:
        """What the reporter typed."""
        return (text or "") if self.as_typed else mask_numbers(without_orders(text or ""))

    def event_words(self, event: Event, text: str) -> str:
        """What a step says. An office may have repeated a number of the reporter's: masked as well."""
        mine = event.by_post_id is not None and event.by_post_id in self.posts
        return text if mine else self.words(text)

    def where(self, row: Any) -> str:
        """The place as typed; a work order's is its caller's address, and of that others read no more than the building."""
        typed = row.where_text or ""
        return self.words(without_home(typed) if row.source == HOTLINE and not self.as_typed else typed)

    def place(self, row: Any) -> str:
        """Building, unit and place in one line, whatever of it there is."""
        return self.words(" ".join(part for part in (row.building, row.unit, self.where(row)) if part))

    def at(self, instant: datetime) -> datetime:
        """An instant, for others no finer than the clocks need: two reports of one minute stay two people's."""
        return instant if self.as_typed else instant.replace(second=0, microsecond=0)


TYPED = Eyes(as_typed=True)
MASKED = Eyes(as_typed=False)


def eyes_on(report: Report, actor: Actor) -> Eyes:
    """How an actor is shown a report that is in his sight."""
    return _eyes(parts(actor, subject(report)), actor)


def eyes_on_row(row: Any, actor: Actor) -> Eyes:
    """The same for a row of `queries.LIST`; whoever has no post is only ever shown his own."""
    if not actor.posts:
        return TYPED
    about = Subject(
        county_id=row.county_id,
        handler_id=row.handler_id,
        project_body_id=row.project_body_id,
        community_id=row.community_id,
        township_id=row.township_id,
        resident_id=None,
        owner_hash="",
        device_hash=None,
    )
    return _eyes(parts(actor, about), actor)


def _eyes(mine: frozenset[Part], actor: Actor) -> Eyes:
    posts, bodies = ({getattr(post, name) for post in actor.posts} for name in ("post_id", "body_id"))
    return Eyes(bool(mine & AS_TYPED), frozenset(posts), frozenset(bodies))
