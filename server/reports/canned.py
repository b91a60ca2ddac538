"""The duty that notices the same answer used again and again by one body; flagged for the bureau alone (peers C19)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from server.accounts.models import Post
from server.core.db import db
from server.photos.models import Photo
from server.policy.loader import books
from server.policy.model import Book
from server.reports.fairness import Flag
from server.reports.flag_marks import move, reached
from server.reports.flagging import BEGINNING, LAG
from server.reports.flags import raise_flags
from server.reports.models import Event
from server.reports.sameness import Answered, Rule, canned, canned_words
from server.reports.workflow import Act

NAME = "canned_answers"
MOST = 400
"""The most resolutions of one body that are compared; older ones of a busy month are left out."""


def rule_of(book: Book) -> Rule:
    """The book's figures."""
    figures = book.evidence
    return Rule(figures.same_words_from, figures.same_words_days, figures.same_words_percent)


def flag_canned(now: datetime) -> int:
    """Look at the bodies that resolved something since the last time; how many reports are newly flagged."""
    since, until = reached(NAME) or BEGINNING, now - LAG
    fresh = db.session.execute(
        select(Event.county_id, Post.body_id)
        .join(Post, Post.id == Event.by_post_id)
        .where(Event.act == Act.RESOLVE, Event.at > since, Event.at <= until)
        .distinct()
    ).all()
    found = [flag for county, body in fresh for flag in _found(county, body, until=until)]
    move(NAME, max(since, until))
    return raise_flags(found, now=now)


def _found(county: str, body_id: int, *, until: datetime) -> Iterator[tuple[str, int, Flag, str]]:
    book = books()[county]
    rule = rule_of(book)
    answers = _answers(county, body_id, until - timedelta(days=2 * rule.days), until)
    for report_id, count in canned(answers, rule, phrases=book.phrases.resolve).items():
        yield county, report_id, Flag.CANNED, canned_words(count, rule)


def _answers(county: str, body_id: int, since: datetime, until: datetime) -> list[Answered]:
    """What a body resolved, with its words; the reason for what is not solved counts as well."""
    photo = exists().where(Photo.report_id == Event.report_id, Photo.event_id == Event.id)
    rows: Sequence[Any] = db.session.execute(
        select(Event.report_id, Event.at, Event.text, Event.data, photo)
        .join(Post, Post.id == Event.by_post_id)
        .where(Event.county_id == county, Event.act == Act.RESOLVE, Post.body_id == body_id)
        .where(Event.at > since, Event.at <= until)
        .order_by(Event.id.desc())
        .limit(MOST)
    ).all()
    last: dict[int, Answered] = {}
    for report_id, at, text, data, shown in rows:
        words = f"{text}{data.get('basis') or ''}"
        last.setdefault(report_id, Answered(report_id, at, words, photo=shown))
    return list(last.values())
