"""What waits for a reviewer, and one report's pieces for him; only in his own area."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, select, tuple_

from server.accounts.permissions import report_scope
from server.accounts.roles import Actor
from server.core import paging
from server.core.db import db
from server.core.errors import NotFound
from server.estates.models import Estate
from server.moderation.models import PublicPiece, PublicReport
from server.moderation.rules import State, Verdict
from server.policy.loader import books
from server.reports.models import Report
from server.reports.numbers import normalise


def in_area(actor: Actor) -> ColumnElement[bool]:
    """What the actor may review: the bureau its county, a community its estates where the book lets it."""
    scope = report_scope(actor)
    if scope.county_id is None:
        return false()
    county = PublicReport.county_id == scope.county_id
    if scope.whole_county:
        return county
    if scope.communities and books()[scope.county_id].publishing.by_community:
        return and_(county, PublicReport.community_id.in_(scope.communities))
    return false()


def may_review(actor: Actor) -> bool:
    """Whether there is anything that the actor could review at all."""
    scope = report_scope(actor)
    county = books().get(scope.county_id or "")
    return scope.whole_county or bool(scope.communities and county and county.publishing.by_community)


WAITS = exists().where(PublicPiece.report_id == PublicReport.report_id, PublicPiece.state == State.WAITING)


def waiting(actor: Actor, *, after: str | None, limit: int) -> paging.Page[Any]:
    """The reports with something to review, the oldest first; two statements."""
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    query = (
        select(
            PublicReport.id,
            PublicReport.report_id,
            PublicReport.agreed_at,
            Report.no,
            Report.county_id,
            Report.kind,
            Report.building,
            Estate.name.label("estate"),
        )
        .join(Report, Report.id == PublicReport.report_id)
        .join(Estate, Estate.id == PublicReport.estate_id)
        .where(in_area(actor), PublicReport.hidden_at.is_(None), WAITS)
    )
    if cursor:
        query = query.where(tuple_(PublicReport.agreed_at, PublicReport.id) > tuple_(*cursor))
    rows = db.session.execute(query.order_by(PublicReport.agreed_at, PublicReport.id).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.agreed_at, row.id))


def waiting_pieces(report_ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """What waits of each report: piece, how its check stands, and why."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    rows = db.session.execute(
        select(PublicPiece.report_id, PublicPiece.piece, PublicPiece.verdict, PublicPiece.why)
        .where(PublicPiece.report_id.in_(report_ids), PublicPiece.state == State.WAITING)
        .order_by(PublicPiece.id)
    )
    for row in rows:
        found.setdefault(row.report_id, []).append((row.piece, row.verdict, row.why))
    return found


def counts(actor: Actor) -> tuple[int, int]:
    """How many reports wait, and in how many of them a check speaks against something."""
    risky = exists().where(
        PublicPiece.report_id == PublicReport.report_id,
        PublicPiece.state == State.WAITING,
        PublicPiece.verdict.in_((Verdict.RISKY, Verdict.REVIEW)),
    )
    row = db.session.execute(
        select(func.count(), func.count().filter(risky)).where(
            in_area(actor), PublicReport.hidden_at.is_(None), WAITS
        )
    ).one()
    return row[0], row[1]


def reviewed(
    no: str, actor: Actor, *, lock: bool = False
) -> tuple[Report, PublicReport, Sequence[PublicPiece]]:
    """A report with its pieces, in the actor's area. Raises NotFound alike for missing and foreign ones.

    With `lock` nobody else decides, and the author does not hide it, until this transaction ends.
    """
    number = normalise(no)
    query = (
        select(Report, PublicReport)
        .join(PublicReport, PublicReport.report_id == Report.id)
        .where(Report.no == number, in_area(actor))
        .execution_options(populate_existing=True)
    )
    query = query.with_for_update(of=PublicReport) if lock else query
    row = db.session.execute(query).one_or_none() if number else None
    if row is None:
        raise NotFound("没有找到这份报告，或者它没有要公开的内容。")
    pieces = db.session.scalars(
        select(PublicPiece)
        .where(PublicPiece.report_id == row.Report.id)
        .order_by(PublicPiece.id)
        .execution_options(populate_existing=True)
    ).all()
    return row.Report, row.PublicReport, pieces
