"""The duties of `todo.py` as the database finds them: report, body, deadline; a test holds both together."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, select, union_all
from sqlalchemy import text as sql
from sqlalchemy.orm import aliased

from server.accounts.models import Body, BodyKind
from server.policy.loader import books, shelf
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.models import OPEN, Report
from server.reports.part_models import OPEN_PART, ReportPart

Column = ColumnElement[Any]
REFERRED = sql("state = 'referred'")
CHECKING = sql("check_due_at IS NOT NULL AND state = 'resolved'")
CONTACTING = sql("contact_due_at IS NOT NULL")
ASKING = sql("extend_until IS NOT NULL")
REINSPECTING = sql("hazard_step = 'reinspect' AND state IN ('resolved', 'closed')")


def bureau_number(county_id: Any) -> Column:
    """The county's bureau, as part of another statement."""
    bureau = aliased(Body)
    query = select(bureau.id).where(bureau.county_id == county_id, bureau.kind == BodyKind.BUREAU)
    return query.order_by(bureau.id).limit(1).scalar_subquery()


def duty_rows(county_id: str) -> CompoundSelect[Any]:
    """Every duty of every body of a county: report_id, body_id, due_at."""
    bureau = bureau_number(county_id)
    answer = func.coalesce(Report.reopen_due_at, Report.resolve_due_at)
    judge, checker, inspector = (
        _judge(county_id, bureau),
        _checker(county_id, bureau),
        _inspector(county_id, bureau),
    )
    branches = (
        _of(Report.handler_id, Report.due_at, OPEN),
        _of(Report.handler_id, Report.due_at, REFERRED),
        _of(Report.handler_id, Report.hazard_due_at, OPEN, Report.hazard_step.in_(("measure", "rectify"))),
        _of(Report.community_id, Report.contact_due_at, OPEN, CONTACTING),
        _of(checker, Report.check_due_at, CHECKING),
        _of(_not_handler(inspector, bureau), Report.hazard_due_at, REINSPECTING),
        _of(_not_handler(judge, bureau), answer, OPEN, ASKING),
    )
    return union_all(*(one.where(Report.county_id == county_id) for one in branches), _parts(county_id))


def _of(body: Any, due: Any, *conditions: Any) -> Select[Any]:
    return select(Report.id.label("report_id"), body.label("body_id"), due.label("due_at")).where(*conditions)


def _parts(county_id: str) -> Select[Any]:
    """Whoever was called in and has not answered; parts end with the report."""
    waiting = case((ReportPart.reported_in_at.is_(None), ReportPart.report_in_due_at))
    due = func.least(waiting, ReportPart.due_at)
    return select(ReportPart.report_id, ReportPart.body_id.label("body_id"), due.label("due_at")).where(
        OPEN_PART, ReportPart.answered_at.is_(None), ReportPart.county_id == county_id
    )


def _not_handler(body: Any, bureau: Column) -> Column:
    """Nobody judges his own work: the bureau does."""
    return case((body == Report.handler_id, bureau), else_=body)


def _level(level: Level, bureau: Column) -> Any:
    return {Level.COMMUNITY: Report.community_id, Level.TOWNSHIP: Report.township_id}.get(level, bureau)


def _checker(county_id: str, bureau: Column) -> Any:
    return _by_version(county_id, lambda book: book.second_body.by, bureau)


def _inspector(county_id: str, bureau: Column) -> Any:
    return _by_version(county_id, lambda book: book.hazard.reinspect_by, bureau)


def _by_version(county_id: str, level_of: Callable[[Book], Level], bureau: Column) -> Any:
    """The body of the level that the report's own version of the book names."""
    levels = {book.version: level_of(book) for book in shelf().all_of(county_id)}
    usual = _level(level_of(books()[county_id]), bureau)
    pairs = [
        (Report.book_version == version, _level(level, bureau))
        for version, level in levels.items()
        if level is not level_of(books()[county_id])
    ]
    return case(*pairs, else_=usual) if pairs else usual


def _judge(county_id: str, bureau: Column) -> Any:
    """Who grants a longer term: the community for the time classes that the book leaves to it."""
    known = {book.version: _near(book) for book in shelf().all_of(county_id)}
    pairs = [
        (and_(Report.book_version == version, Report.time_class.in_(near)), Report.community_id)
        for version, near in known.items()
    ]
    gone = and_(Report.book_version.not_in(known), Report.time_class.in_(_near(books()[county_id])))
    return case(*pairs, (gone, Report.community_id), else_=bureau)


def _near(book: Book) -> list[str]:
    return [key for key, one in book.classes.items() if one.extension_by is Level.COMMUNITY]


def first_due(county_id: str, bodies: Collection[int]) -> Any:
    """For each report on which these bodies must act: when the first of it is due; columns report_id, due_at."""
    every = duty_rows(county_id).subquery("duty")
    return (
        select(every.c.report_id, func.min(every.c.due_at).label("due_at"))
        .where(and_(every.c.body_id.in_(bodies)))
        .group_by(every.c.report_id)
        .subquery("mine")
    )
