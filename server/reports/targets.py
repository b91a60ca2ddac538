"""To whom a report may be passed on: those on the ground, and the bodies that the book names (A5, A7)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from server.accounts.models import Body, BodyKind
from server.core.db import db
from server.core.errors import Invalid
from server.policy.loader import book_behind
from server.policy.routing import route
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.parts import Called
from server.reports.standing import Standing
from server.reports.workflow import Act

UNREACHED = frozenset({BodyKind.COURT})
"""Bodies whose people have no inbox yet: what is passed on to them would be seen by nobody."""
SECRET = frozenset({BodyKind.CONFIDENTIAL})
WRONG_BODY = "这件事不能交给这个单位，请重新选择。"
WRONG_JOINT = "会办单位里有不能选的，请重新选择。"
CHOOSE = "请从列表里选择单位"


@dataclass(frozen=True)
class Target:
    """A body that may take a report over."""

    body_id: int
    name: str
    kind: str
    key: str | None = None


def transfer_targets(report: Report, called: Called | None = None) -> list[Target]:
    """Community, township, the estate's project and the kind's own bodies, without whoever handles now.

    Nobody else: a report goes no further than the plan's matrix lets it (沂水 二); one that was whistled up, to
    whomever the book lets call as well.
    """
    book = book_behind(report)
    way = route(book, report.kind)
    near = [report.project_body_id, report.community_id, report.township_id]
    keys = [key for key in (way.lead, *way.joint, *way.safety) if key]
    if called is not None and called.lead is not None:
        keys += book.whistle.bodies
    return _targets(report, [body for body in near if body is not None], keys, without={report.handler_id})


def whistle_targets(report: Report, called: Called) -> list[Target]:
    """Whom the county's book lets call in (A7): its departments, and the own township where it says so."""
    book = book_behind(report)
    near = [report.township_id] if book.whistle.township else []
    without = {report.handler_id, *called.bodies}
    found = _targets(report, near, book.whistle.bodies, without=without)
    order = {key: number for number, key in enumerate(book.whistle.bodies)}
    return sorted(found, key=lambda one: order.get(one.key or "", len(order)))


def usual_bodies(report: Report) -> tuple[str, ...]:
    """The kind's own bodies by key, the lead first, as the matrix has them (A5)."""
    way = route(book_behind(report), report.kind)
    return tuple(key for key in dict.fromkeys((way.lead, *way.joint, *way.safety)) if key)


def joint_targets(report: Report, called: Called) -> list[Target]:
    """Who may be asked for a part when a report is moved: the kind's own bodies that are not asked yet."""
    return _targets(report, [], usual_bodies(report), without={report.handler_id, *called.bodies})


def check_bodies(report: Report, act: Act, deed: Deed, stand: Standing) -> None:
    """Raises Invalid where an act names bodies that the book does not let it name."""
    if act is Act.WHISTLE:
        may = {one.body_id for one in whistle_targets(report, stand.called)}
        _check(deed, may, may)
    elif act is Act.TRANSFER:
        joint = {one.body_id for one in joint_targets(report, stand.called)} if deed.joint else set()
        _check(deed, {one.body_id for one in transfer_targets(report, stand.called)}, joint)


def _check(deed: Deed, may: Collection[int], joint: Collection[int]) -> None:
    if deed.body_id not in may:
        raise Invalid(WRONG_BODY, fields={"body": CHOOSE})
    if not set(deed.joint) <= set(joint) or deed.body_id in deed.joint:
        raise Invalid(WRONG_JOINT, fields={"joint": CHOOSE})


def _targets(
    report: Report, ids: Collection[int], keys: Collection[str], *, without: Collection[int]
) -> list[Target]:
    named: ColumnElement[bool] = or_(Body.id.in_(ids), Body.key.in_(keys))
    query = (
        select(Body.id, Body.name, Body.kind, Body.key)
        .where(
            Body.county_id == report.county_id,
            named,
            Body.id.not_in(without),
            Body.kind.not_in(UNREACHED | SECRET),
        )
        .order_by(Body.id)
    )
    return [_target(row) for row in db.session.execute(query)]


def _target(row: Any) -> Target:
    return Target(row.id, row.name, row.kind, row.key)
