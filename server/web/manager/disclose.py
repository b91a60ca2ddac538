"""`/m/disclosures`: filling in what an estate must disclose, on a phone first, by its manager or community."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.permissions import place_scope
from server.accounts.roles import Role
from server.companies.places import Place
from server.core import clock
from server.core.entry import entry
from server.core.errors import Forbidden, Invalid, NotFound
from server.disclosures.contents import Content, Income, break_between
from server.disclosures.lists import mine
from server.disclosures.money import decimal
from server.disclosures.quarters import parse_quarter
from server.disclosures.revisions import Released, Revision, newest, released
from server.disclosures.rules import Kind, choices
from server.disclosures.service import WORDS, hand_in, place_for
from server.disclosures.typed import default_rows
from server.policy.loader import books
from server.web.disclosed import ledger, title_of
from server.web.manager.sheet import Sheet, from_content, from_form
from server.web.typed import looked_for, typed

pages = Blueprint("disclose", __name__)
ENTERING = (Role.MANAGER, Role.COMMUNITY, Role.BUREAU)
DONE = "已提交第 {} 版，等主管部门公开后，居民扫码就能看到。"
PERIOD_LETTERS = 20
SAME = "内容和第 {} 版一样（{}），没有新增版本。"


@dataclass(frozen=True)
class Desk:
    """One form's surroundings: the estate, what is entered, what was there before."""

    place: Place
    kind: Kind
    period: str
    today: date
    last: Revision | None
    out: Released

    @property
    def before(self) -> Income | None:
        """The released income of the quarter before, if there is any."""
        quarter = parse_quarter(self.period)
        found = self.out.income_of(str(quarter.after(-1))) if quarter else None
        return found.content if found and isinstance(found.content, Income) else None


@pages.get("/m/disclosures")
@entry(*ENTERING)
def overview() -> str:
    """The estates somebody looks after, and how their disclosures stand."""
    asking = actor()
    if asking.county_id is None:
        raise Forbidden("您现在没有岗位。")
    book, today = books()[asking.county_id], clock.today(clock.now())
    estates = mine(place_scope(asking), book, today=today)
    return _page("disclosures", estates=estates, bureau=Role.BUREAU in asking.roles)


@pages.get("/m/disclosures/<int:estate_id>/<kind>")
@entry(*ENTERING)
def form(estate_id: int, kind: str) -> str:
    """The form, filled in with what was handed in last."""
    desk = _desk(estate_id, kind, looked_for("period", most=PERIOD_LETTERS))
    content = desk.last.content if desk.last else None
    begin = default_rows(books()[desk.place.county_id]) if desk.kind is Kind.CONTACTS else None
    sheet = from_content(content, desk.kind, rows=begin)
    if content is None and desk.before:
        sheet.opening = decimal(desk.before.closing)
    return _form(desk, sheet)


@pages.post("/m/disclosures/<int:estate_id>/<kind>")
@entry(*ENTERING)
def send(estate_id: int, kind: str) -> Any:
    """One more row, a preview, or the hand-in; whatever was typed stays on the page."""
    desk = _desk(estate_id, kind, typed("period", most=PERIOD_LETTERS))
    sheet, act = from_form(desk.kind, request.form), typed("act", most=PERIOD_LETTERS)
    if act.startswith("add."):
        sheet.add_row(act.removeprefix("add."))
        return _form(desk, sheet)
    try:
        content = sheet.content()
        if act == "hand_in":
            return _hand_in(desk, content)
    except Invalid as fault:
        sheet.fault(fault.fields)
        return _form(desk, sheet, message=fault.message), fault.status
    return _form(desk, sheet, preview=content)


def _hand_in(desk: Desk, content: Content) -> Response:
    anew = request.form.get("reconfirm") == "1"
    done = hand_in(desk.place, content, period=desk.period, by=actor(), now=clock.now(), reconfirm=anew)
    revision, state = done.row.revision, WORDS[done.row.state]
    flash(DONE.format(revision) if done.new else SAME.format(revision, state), "ok" if done.new else "warn")
    href = url_for(".form", estate_id=desk.place.estate_id, kind=desk.kind, period=desk.period or None)
    return redirect(href, code=303)


def _desk(estate_id: int, kind: str, period: str) -> Desk:
    """Everything around the form. Raises NotFound for a foreign estate or an unknown kind or quarter."""
    place = place_for(actor(), estate_id)
    if kind not in set(Kind):
        raise NotFound("没有这一项公开内容。")
    what, today = Kind(kind), clock.today(clock.now())
    asked = (period or str(choices(today)[0])) if what is Kind.INCOME else ""
    if asked and parse_quarter(asked) not in choices(today):
        raise NotFound("这个季度不能填写，请选择已经结束的季度。")
    last = newest(estate_id).get((what, asked))
    return Desk(place, what, asked, today, last, released(estate_id))


def _form(desk: Desk, sheet: Sheet, *, preview: Content | None = None, message: str = "") -> str:
    income = preview if isinstance(preview, Income) else None
    return _page(
        "disclose",
        desk=desk,
        sheet=sheet,
        errors=sheet.errors,
        message=message,
        title=title_of(desk.kind, desk.period),
        quarters=choices(desk.today) if desk.kind is Kind.INCOME else [],
        preview=preview,
        ledger=ledger(income, desk.period) if income else None,
        broken=break_between(desk.before, income) if income else None,
        shown=desk.out.of(desk.kind, desk.period),
        words=WORDS,
    )


def _page(template: str, **context: Any) -> str:
    said = get_flashed_messages(with_categories=True)
    return render_template(f"manager/{template}.html", flashes=said, **context)
