"""`/b/counts`: plain counts per estate, of all time or of one month, drawn and as a table."""

import re
from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template
from markupsafe import Markup

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.escalation.counts import EstateCount, estate_counts, month_bounds
from server.escalation.whistles import body_counts
from server.estates.sight import estate_names
from server.interop.hotline.gauge import goal_of
from server.web.bureau import goal
from server.web.charts import Series, stacked
from server.web.navigation import WATCHING
from server.web.typed import looked_for

pages = Blueprint("counts", __name__)

DRAWN = 15
"""Estates in the plot, the most overdue first; the table has them all."""
SUMMED = ("total", "open", "overdue", "solved", "unconfirmed", "doubted", "reporters", "excluded", "rejected")
MONTH, MONTH_LETTERS = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z", re.ASCII), 7
BEFORE_ALL, A_DAY = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)


@pages.get("/b/counts")
@entry(*WATCHING)
def counts() -> str:
    """Open, overdue, solved and unconfirmed complaints of each estate in sight."""
    now, asking = clock.now(), actor()
    month = looked_for("month", most=MONTH_LETTERS)
    since, until = _period(month, now=now)
    in_sight = dict(estate_names(asking))
    found = estate_counts(asking.county_id or "", since=since, until=until, now=now)
    rows = sorted(
        (row for row in found if row.estate_id in in_sight), key=lambda row: (-row.overdue, -row.open)
    )
    return render_template(
        "bureau/counts.html",
        rows=rows,
        called=body_counts(asking.county_id or "", list(in_sight), since=since, until=until, now=now),
        sums={name: sum(getattr(row, name) for row in rows) for name in SUMMED},
        drawing=_drawing([row for row in rows if row.open][:DRAWN]),
        drawn=DRAWN,
        may_judge=Role.BUREAU in asking.roles,
        month=month if MONTH.match(month) else "",
        goal=goal_of(asking.county_id or ""),
        goal_lines=goal.lines(),
    )


def _period(month: str, *, now: datetime) -> tuple[datetime, datetime]:
    """The month that the address names, else everything there is."""
    asked = MONTH.match(month)
    return month_bounds(int(asked[1]), int(asked[2])) if asked else (BEFORE_ALL, now + A_DAY)


def _drawing(rows: list[EstateCount]) -> Markup:
    return stacked(
        "各小区在办和超时件数",
        [row.estate for row in rows],
        [
            Series("在办未超时", [row.open - row.overdue for row in rows]),
            Series("已超时", [row.overdue for row in rows]),
        ],
        unit="件",
    )
