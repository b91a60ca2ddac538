"""Which steps of a history a reader is told of, by whom they were, and whose words are for him (A3, A11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts.models import Post
from server.core.db import db
from server.reports.eyes import Eyes
from server.reports.models import Event
from server.reports.origins import without_orders
from server.reports.workflow import Act

TALK = frozenset({Act.ASK, Act.ANSWER})
"""Question and answer: between whoever asked and the reporter."""


@dataclass(frozen=True)
class Step:
    """A step as one reader is told of it."""

    event: Event
    by: str
    silent: bool = False
    """Whether it is told that it was taken, and nothing of what was said."""

    def words(self, text: str, eyes: Eyes) -> str:
        """What it says to the reader."""
        return "" if self.silent else eyes.event_words(self.event, text)


def steps_for(events: Sequence[Event], eyes: Eyes) -> list[Step]:
    """The whole history, oldest first, as a reader is told of it.

    Others than the reporter and the offices learn of no order but the one by which the report came, and read nothing
    that passed between another body and the reporter.
    """
    if eyes.as_typed:
        return [Step(event, event.by_label) for event in events]
    private = _private(events, eyes)
    return [
        Step(event, without_orders(event.by_label), silent=event.id in private)
        for event in events
        if "order" not in event.data or event.by_label == events[0].by_label
    ]


def _private(events: Sequence[Event], eyes: Eyes) -> frozenset[int]:
    """What an office told the reporter when it contacted him, and what he was asked by others and answered to them."""
    found, mine, asked_here = set[int](), _asked_by(events, eyes), True
    for event in events:
        if event.act == Act.ASK:
            asked_here = event.id in mine
        if event.act == Act.CONTACT or (event.act in TALK and not asked_here):
            found.add(event.id)
    return frozenset(found)


def _asked_by(events: Sequence[Event], eyes: Eyes) -> frozenset[int]:
    """The questions that the reader's own bodies asked; whoever followed in a post goes on reading them."""
    asked = {event.id: event.by_post_id for event in events if event.act == Act.ASK}
    if not asked or not eyes.bodies:
        return frozenset()
    posts = select(Post.id).where(Post.id.in_(set(asked.values()) - {None}), Post.body_id.in_(eyes.bodies))
    own = set(db.session.scalars(posts))
    return frozenset(event_id for event_id, post_id in asked.items() if post_id in own)
