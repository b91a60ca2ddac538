"""`/b/bodies`: which body has what to do and who is stuck; one body's work as its own people see it."""

from typing import Any

from flask import Blueprint, render_template, request

from server.accounts.bodies import body_in
from server.accounts.guards import actor
from server.accounts.models import BodyKind
from server.accounts.roles import ROLE_NAMES, ROLE_OF_BODY, Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import NotFound
from server.core.paging import LIMIT
from server.reports.body_loads import loads
from server.reports.worklist import bench_of_body
from server.web.desk.worklist import work_context
from server.web.wording import left

pages = Blueprint("bureau_bodies", __name__, url_prefix="/b/bodies")
KINDS = {kind: ROLE_NAMES[role] for kind, role in ROLE_OF_BODY.items()} | {"project": "物业"}


@pages.get("")
@entry(Role.BUREAU)
def overview() -> str:
    """Every body that must act now, those with the most overdue reports first."""
    now, asking = clock.now(), actor()
    page = loads(asking.county_id or "", after=request.args.get("after"), limit=LIMIT, now=now)
    return render_template(
        "bureau/bodies.html",
        rows=[_row(row, tag=left(row.oldest, now=now)) for row in page.items],
        next=f"/b/bodies?after={page.next}" if page.next else "",
        first="/b/bodies" if request.args.get("after") else "",
    )


def _row(row: Any, **more: Any) -> dict[str, Any]:
    late = f"，{row.late} 件超时" if row.late else ""
    return {
        "href": f"/b/bodies/{row.id}",
        "name": row.name,
        "note": f"{KINDS[row.kind]} · {row.todo} 件要办{late}",
    } | more


@pages.get("/<int:body_id>")
@entry(Role.BUREAU)
def one(body_id: int) -> str:
    """One body's work view, to look at. Raises NotFound for another county's, and for one that takes sealed reports."""
    now, asking = clock.now(), actor()
    body = body_in(asking.county_id or "", body_id)
    if body.kind == BodyKind.CONFIDENTIAL:
        raise NotFound("没有找到这个单位。")
    path = f"/b/bodies/{body.id}"
    return render_template(
        "bureau/body_work.html",
        **work_context(bench_of_body(body), asking, path=path, base="/b/", acting=False, now=now),
        name=body.name,
        kind=KINDS[body.kind],
        phone=body.phone or "",
    )
