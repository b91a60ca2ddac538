"""What happens to a report opens and settles feed entries, in the transaction of the act itself."""

from sqlalchemy import select

from server.core.db import db
from server.escalation import messages
from server.escalation.feed import open_entries, settle
from server.escalation.rules import Entry, Reason, is_bad, settled_by
from server.escalation.silence import settle_done
from server.escalation.vacancy import vacant_entries
from server.policy.loader import books
from server.policy.model import Book
from server.reports.happenings import Happening
from server.reports.missed import moved_on
from server.reports.models import Event, Report
from server.reports.side_changes import REACHED
from server.reports.workflow import Act


def on_happening(happening: Happening) -> None:
    """Settle what the act settles, then open what it gives cause for; a plain new report costs no statement.

    Stale where a clock ran out and was told of between the act's instant and now: it cannot be both in time and late.
    """
    if happening.act is not Act.SUBMIT:
        late = settle(happening.report_id, _settled(happening), now=happening.at)
        if settle_done(happening) or late:
            raise moved_on(db.session.get_one(Report, happening.report_id))
    open_entries(_causes(happening, books()[happening.county_id]), now=happening.at)


def _settled(happening: Happening) -> frozenset[Reason]:
    """What the act settles; a reporter who was not reached still has to be."""
    if happening.act is Act.CONTACT:
        data = db.session.get_one(Event, happening.event_id).data
        return settled_by(Act.CONTACT) if data.get("result") == REACHED else frozenset()
    return settled_by(happening.act)


def _causes(happening: Happening, book: Book) -> list[Entry]:
    found = vacant_entries(happening.county_id, happening.report_id, happening.vacant)
    if happening.act is Act.SUBMIT and happening.safety:
        found.append(_entry(happening, Reason.SAFETY, messages.SAFETY))
    if happening.act in {Act.RATE, Act.CONFIRM}:
        found += _bad_rating(happening, book)
    if happening.act is Act.REOPEN:
        found.append(_reopened(happening, often=happening.reopenings > book.limits.reopen_times))
    if happening.act is Act.HAND_BACK and happening.hand_backs >= book.limits.hand_back_to_bureau_at:
        found.append(_handed_back(happening, book))
    if happening.act is Act.JOIN and happening.unsolved >= book.duplicates.unsolved_from:
        found.append(_neighbours(happening))
    return found


def _entry(happening: Happening, reason: Reason, detail: str, about: str = "") -> Entry:
    occasion = ":".join(part for part in (reason.value, str(happening.report_id), about) if part)
    return Entry(happening.county_id, reason, occasion, detail, report_id=happening.report_id)


def _bad_rating(happening: Happening, book: Book) -> list[Entry]:
    """The rating that came with this very act, if it is a bad one."""
    data = db.session.get_one(Event, happening.event_id).data
    if not is_bad(data.get("score"), unhappy_to=book.ratings.unhappy_to):
        return []
    detail = messages.bad_rating(data["score"], data.get("reasons", []))
    return [_entry(happening, Reason.BAD_RATING, detail, str(happening.event_id))]


def _reopened(happening: Happening, *, often: bool) -> Entry:
    event = db.session.get_one(Event, happening.event_id)
    detail = messages.reopened(happening.reopenings, event.text)
    return _entry(
        happening, Reason.REOPENED_OFTEN if often else Reason.REOPENED, detail, str(happening.event_id)
    )


def _neighbours(happening: Happening) -> Entry:
    """Once for each resolution: a later one is another occasion."""
    resolved = db.session.get_one(Report, happening.report_id).resolved_at
    about = f"{resolved.timestamp():.0f}" if resolved else ""
    return _entry(happening, Reason.NEIGHBOURS, messages.neighbours(happening.unsolved), about)


def _handed_back(happening: Happening, book: Book) -> Entry:
    rows = db.session.execute(
        select(Event.by_label, Event.text)
        .where(Event.report_id == happening.report_id, Event.act == Act.HAND_BACK)
        .order_by(Event.id.desc())
        .limit(book.limits.hand_back_to_bureau_at)
    ).all()
    detail = messages.hand_backs([(row.by_label, row.text) for row in reversed(rows)])
    return _entry(happening, Reason.HAND_BACKS, detail, str(happening.event_id))
