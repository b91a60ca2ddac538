"""What an estate discloses (五公开) and its contact board, for everybody who scans."""

from flask import Blueprint, render_template

from server.companies.places import place_by_code
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.disclosures import facts
from server.disclosures.contents import Income
from server.disclosures.diff import changes
from server.disclosures.quarters import parse_quarter
from server.disclosures.queries import facts_of, lines_from
from server.disclosures.revisions import Revision, history, released
from server.disclosures.rules import Kind, QuarterState, quarters, rule_of
from server.policy.loader import books
from server.web.disclosed import Ledger, ledger, title_of
from server.web.errors import HELPLINE

blueprint = Blueprint("resident_disclosures", __name__)


@blueprint.get("/e/<code>/disclosures")
@entry(PUBLIC)
def disclosures(code: str) -> str:
    """All five, each with its day; what is missing or stale is shown as such."""
    place = place_by_code(code)
    book, today = books()[place.county_id], clock.today(clock.now())
    found, known = released(place.estate_id), facts_of(place)
    due_days = rule_of(book, Kind.INCOME).due_days or 0
    states = quarters(found.days, today=today, due_days=due_days)
    return render_template(
        "resident/disclosures.html",
        place=place,
        facts=known,
        lines=lines_from(known, found, book, today=today),
        charges=found.charges,
        quarters=[(state, _ledger(state, found.income)) for state in states],
        helpline=HELPLINE,
    )


def _ledger(state: QuarterState, income: tuple[Revision, ...]) -> tuple[Revision, Ledger] | None:
    """The released figures of a quarter, if there are any."""
    for one in income:
        if one.period == str(state.quarter) and isinstance(one.content, Income):
            return one, ledger(one.content, one.period)
    return None


@blueprint.get("/e/<code>/disclosures/<kind>", defaults={"period": ""})
@blueprint.get("/e/<code>/disclosures/<kind>/<period>")
@entry(PUBLIC)
def earlier(code: str, kind: str, period: str) -> str:
    """Every released revision of one disclosure with what it changed; a correction never hides what stood there."""
    place = place_by_code(code)
    known = kind in set(Kind) and (not period or parse_quarter(period))
    rows = history(place.estate_id, Kind(kind), period) if known else []
    if not rows:
        raise NotFound("这一项还没有公开过。")
    before = [one.content for one in rows[1:]]
    steps = [(row, changes(old, row.content)) for row, old in zip(rows, [*before, None], strict=True)]
    return render_template(
        "resident/revisions.html", place=place, title=title_of(Kind(kind), period), steps=steps, kind=kind
    )


@blueprint.get("/e/<code>/contacts")
@entry(PUBLIC)
def contacts(code: str) -> str:
    """Which department looks after what, and whom to call."""
    place = place_by_code(code)
    book, today = books()[place.county_id], clock.today(clock.now())
    found, known = released(place.estate_id), facts_of(place)
    line = next(one for one in lines_from(known, found, book, today=today) if one.kind == Kind.CONTACTS)
    return render_template(
        "resident/contacts.html",
        place=place,
        board=found.contacts,
        line=line,
        phones=facts.callable_phones(known),
        helpline=HELPLINE,
    )
