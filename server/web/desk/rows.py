"""A report in a list, as staff see it: what, where, the first words, the first photo, the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.photos.firsts import first_thumbs
from server.policy.loader import books, kind_named
from server.policy.model import Book, Kind
from server.reports.eyes import Eyes, eyes_on_row
from server.reports.pictures import viewer_of
from server.reports.words import STAFF_STATES
from server.web.times import stamp
from server.web.wording import Tag, clock

WORDS_MOST = 60
OTHER = "other"


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    no: str
    href: str
    kind: str
    drawing: str
    estate: str
    place: str
    words: str
    thumb: str
    tag: Tag
    state: str
    handler: str
    safety: bool
    reopened: bool
    submitted: str


def place_words(building: str | None, unit: str | None, where: str | None) -> str:
    """3号楼 2单元 门口, whatever of it there is."""
    return " ".join(part for part in (building, unit, where) if part)


def kind_of(county_id: str, key: str) -> Kind | None:
    """The kind in the county's book; None for one that the book has since dropped."""
    return kind_named(county_id, key)


def drawing_of(book: Book, kind: Kind | None) -> str:
    """The drawing of a kind's tile."""
    return next((tile.icon for tile in book.tiles if kind and tile.key == kind.tile), OTHER)


def short_handler(handler: str, estate: str) -> str:
    """A project's body is called `公司（小区）`; beside the estate's name the company is enough."""
    return handler.removesuffix(f"（{estate}）")


def first_line(text: str) -> str:
    """The first line of what somebody wrote, short enough for a list."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= WORDS_MOST else line[: WORDS_MOST - 1] + "…"


def rows_of(
    found: Sequence[Any], reader: Actor, *, base: str, photos: bool = True, now: datetime
) -> list[Row]:
    """The rows of a page as the reader may see them; one statement more where the photos are wanted."""
    wanted = [row.id for row in found] if photos else []
    thumbs = first_thumbs(wanted, now=now, viewer=viewer_of(reader)) if wanted else {}
    return [_row(row, eyes_on_row(row, reader), thumbs.get(row.id, ""), base=base, now=now) for row in found]


def _row(row: Any, eyes: Eyes, thumb: str, *, base: str, now: datetime) -> Row:
    kind = kind_of(row.county_id, row.kind)
    return Row(
        no=row.no,
        href=f"{base}{row.no}",
        kind=kind.label if kind else row.kind,
        drawing=drawing_of(books()[row.county_id], kind),
        estate=row.estate,
        place=eyes.place(row),
        words=first_line(eyes.words(row.text)),
        thumb=thumb,
        tag=clock(
            row.state, row.due_at, closed_as=row.closed_as, checking=row.check_due_at is not None, now=now
        ),
        state=STAFF_STATES.get(row.state, row.state),
        handler=short_handler(row.handler, row.estate),
        safety=row.safety,
        reopened=row.reopen_count > 0,
        submitted=stamp(row.submitted_at, now=now),
    )
