"""`/b/lookback`: campaigns that look at closed reports again, for the bureau and for whoever checks (A10)."""

import secrets
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Answer

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock, http
from server.core.entry import entry
from server.core.errors import Invalid
from server.core.spreadsheet import write_xlsx
from server.estates.sight import estate_names
from server.policy.loader import books
from server.reports.exporting import A_DAY, REASON_MOST, left_today
from server.supervision.campaigns import (
    NAME_MOST,
    NUMBER_MOST,
    Plan,
    answer_for_results,
    close_campaign,
    may_run,
    open_campaign,
)
from server.supervision.checking import campaign_of, campaigns_of, items_of
from server.supervision.choices import company_names, inspector_names
from server.supervision.models import Campaign
from server.web.bureau.lookback_rows import HEADERS, cells, facts_of, row_of, summary
from server.web.bureau.reading import Form
from server.web.bureau.shell import back, county, page, refused
from server.web.files import XLSX, download
from server.web.navigation import WATCHING
from server.web.typed import numbers, said, typed

pages = Blueprint("lookback", __name__, url_prefix="/b/lookback")
SEED_BYTES = 8


@pages.get("")
@entry(*WATCHING)
def show_list() -> str:
    """The campaigns in sight, the newest first."""
    now = clock.now()
    found = [summary(row, tally, now=now) for row, tally in campaigns_of(actor())]
    return page("lookback", rows=found, runs=may_run(actor()))


@pages.get("/new")
@entry(Role.BUREAU)
def new() -> str:
    """What to draw from, how many, and who checks."""
    return page("lookback_form", **_choices(), given={}, posts=[], errors={}, message="")


@pages.post("/new")
@entry(Role.BUREAU)
def add() -> Any:
    """Draw the sample."""
    form = Form(request.form)
    posts = numbers("posts")
    plan = Plan(
        name=form.text("name", "名称", most=NAME_MOST, need=True),
        begins_on=form.day("begins_on", "开始日期"),
        ends_on=form.day("ends_on", "结束日期"),
        kind=form.choice("kind", books()[county()].kinds, "类别"),
        estate_id=form.number("estate"),
        company_id=form.number("company"),
        number=form.whole("number", "抽取件数", most=NUMBER_MOST),
        posts=posts,
    )
    try:
        form.check()
        with http.attempt():
            row = open_campaign(plan, seed=secrets.token_hex(SEED_BYTES), by=actor(), now=clock.now())
    except Invalid as wrong:
        return refused(wrong, "lookback_form", **_choices(), posts=list(posts))
    return back(f"/b/lookback/{row.id}", "已抽取，检查人员可以开始检查。")


def _choices() -> dict[str, Any]:
    book = books()[county()]
    return {
        "kinds": [(kind.key, kind.label) for kind in book.kinds.values() if not kind.confidential],
        "estates": estate_names(actor()),
        "companies": company_names(county()),
        "inspectors": inspector_names(county()),
        "rules": book.lookback,
        "today": clock.today(clock.now()).isoformat(),
    }


@pages.get("/<int:campaign_id>")
@entry(*WATCHING)
def show(campaign_id: int) -> str:
    """One campaign: for its inspectors what is theirs to check, for the bureau everything."""
    now, asking = clock.now(), actor()
    row, tally = campaign_of(campaign_id, asking)
    return page(
        "lookback_one",
        it=row,
        tally=tally,
        facts=facts_of(row, tally),
        rows=[row_of(one, campaign_id, now=now) for one in items_of(campaign_id, asking)],
        runs=may_run(asking),
    )


@pages.post("/<int:campaign_id>/close")
@entry(Role.BUREAU)
def close(campaign_id: int) -> Answer:
    """Nothing of it changes any more."""
    row, _ = campaign_of(campaign_id, actor())
    close_campaign(row, by=actor(), now=clock.now())
    return back(f"/b/lookback/{campaign_id}", "已结束，结果不再变化。")


@pages.get("/<int:campaign_id>/export")
@entry(Role.BUREAU)
def ask_export(campaign_id: int) -> str:
    """Why the results are taken away; how often it still may be today."""
    row, _ = campaign_of(campaign_id, actor())
    return _asking(row, {})


@pages.post("/<int:campaign_id>/export")
@entry(Role.BUREAU)
def export(campaign_id: int) -> Response | tuple[str, int]:
    """The results as an Excel file; that it was taken is kept."""
    now, asking = clock.now(), actor()
    row, _ = campaign_of(campaign_id, asking)
    items = items_of(campaign_id, asking)
    try:
        reason = said("reason", most=REASON_MOST)
        answer_for_results(row, reason=reason, rows=len(items), by=asking, now=now)
    except Invalid as refused_for:
        return _asking(row, refused_for.fields), refused_for.status
    data = write_xlsx(HEADERS, [cells(one) for one in items], title=row.name)
    return download(data, XLSX, f"lookback-{row.id}.xlsx")


def _asking(row: Campaign, errors: dict[str, str]) -> str:
    return page(
        "export",
        heading="导出回头看结果",
        action=f"/b/lookback/{row.id}/export",
        back=f"/b/lookback/{row.id}",
        back_words=row.name,
        reason=typed("reason", most=REASON_MOST + 1),
        reason_most=REASON_MOST,
        errors=errors,
        left=left_today(actor(), now=clock.now()),
        a_day=A_DAY,
    )
