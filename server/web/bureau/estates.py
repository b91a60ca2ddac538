"""The bureau's estates: the list, one estate whole, adding and changing one."""

from typing import Any

from flask import Blueprint, current_app, request

from server.accounts.bodies import body_in, bureau_of, ensure_place_body
from server.accounts.models import Body, BodyKind
from server.companies import editing, listing
from server.companies.areas import communities_of, townships_of
from server.companies.listing import Wanted
from server.companies.places import place_of_estate
from server.companies.standing import KINDS, committee_words, stand_words
from server.core import clock
from server.core.entry import entry
from server.core.errors import HouseError, Invalid
from server.estates import queries
from server.estates.codes import printed
from server.estates.editing import SPOT_WORDS
from server.estates.history import WORDS, changes_of
from server.estates.service import estate_in
from server.policy.handling import Stand
from server.policy.loader import books
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, back, county, me, page, refused
from server.web.times import stamp

pages = Blueprint("bureau_estates", __name__, url_prefix="/b/estates")

CATEGORIES = {
    "1": "一类（条件较好，已有物业）",
    "2": "二类（设施一般，管理较难）",
    "3": "三类（设施差或规模小，管理难）",
}
COMMITTEE = {"yes": "已成立", "no": "未成立"}


@pages.get("")
@entry(*KEEPERS)
def show_list() -> Any:
    """The estates of the county: searched by name, community, township or company, filtered, page by page."""
    form = Form(request.args)
    wanted = Wanted(
        words=form.text("q", "搜索", most=40),
        township_id=form.number("township"),
        category=form.choice("category", CATEGORIES, "类别"),
        managed=form.choice("managed", ("yes", "no"), "物业"),
    )
    found = listing.list_estates(county(), wanted, after=request.args.get("after"))
    kept = {
        "q": wanted.words,
        "township": wanted.township_id,
        "category": wanted.category,
        "managed": wanted.managed,
    }
    townships = townships_of(county())
    return page(
        "estates",
        found=found,
        townships=townships,
        township_options=[(one.id, one.name) for one in townships],
        categories=CATEGORIES,
        kept={name: value for name, value in kept.items() if value},
        first=not request.args.get("after"),
    )


@pages.get("/<int:estate_id>")
@entry(*KEEPERS)
def show(estate_id: int) -> Any:
    """One estate whole: facts, company, codes and spots, buildings, numbers, what was changed."""
    estate = estate_in(county(), estate_id)
    codes = listing.codes_of(estate_id)
    now, place = clock.now(), place_of_estate(county(), estate_id)
    return page(
        "estate",
        estate=estate,
        place=place,
        stand=stand_words(place),
        committee=committee_words(place, books()[county()]),
        category=CATEGORIES.get(estate.category or "", "未填"),
        working=[code for code in codes if code.revoked_at is None and code.closed_at is None],
        stopped=[code for code in codes if code.revoked_at is not None],
        spots={spot.id: spot for spot in listing.spots_of(estate_id)},
        spot_words=SPOT_WORDS,
        buildings="、".join(
            f"{name}（{units}单元）" if units else name for name, units in queries.buildings(estate_id)
        ),
        numbers=queries.emergency_numbers(estate_id),
        changes=[(WORDS.get(one.act, one.act), one, stamp(one.at, now=now)) for one in changes_of(estate_id)],
        printed=printed,
        stamp=lambda at: stamp(at, now=now),
        base_url=current_app.extensions["settings"].base_url,
    )


def read_facts(form: Form) -> editing.EstateFacts:
    """The facts of an estate out of a form; faults stay with the form."""
    committee = form.choice("committee", COMMITTEE, "业委会情况")
    stand = form.choice("stand_kind", list(KINDS), "谁代管")
    name = form.text("stand_name", "代管单位", most=60)
    if stand and stand != Stand.COMMUNITY and not name:
        form.faults["stand_name"] = "请写代管单位的名称"
    return editing.EstateFacts(
        name=form.text("name", "小区名称", most=60, need=True),
        category=form.choice("category", CATEGORIES, "类别") or None,
        households=form.whole("households", "户数", most=100_000),
        area_m2=form.whole("area", "建筑面积"),
        remark=form.text("remark", "备注", most=500) or None,
        has_committee=None if not committee else committee == "yes",
        stand_kind=stand or None,
        stand_name=name or None,
        stand_phone=form.text("stand_phone", "代管电话", most=30) or None,
    )


def _community(form: Form) -> Body:
    """The community chosen, or a new one by the names of township and community."""
    township = form.text("new_township", "镇街", most=60)
    name = form.text("new_community", "社区", most=60)
    if bool(township) != bool(name):
        form.faults["new_township"] = "新的社区请把镇街和社区名称都写上"
    chosen = form.number("community")
    if not township and not name and chosen is None:
        form.faults["community"] = "请选择社区，或在下面写上新的镇街和社区"
    form.check()
    now = clock.now()
    if township:
        above = ensure_place_body(bureau_of(county()), BodyKind.TOWNSHIP, township, now=now)
        return ensure_place_body(above, BodyKind.COMMUNITY, name, now=now)
    found = body_in(county(), chosen or 0)
    if found.kind != BodyKind.COMMUNITY:
        raise Invalid("请选择社区。", fields={"community": "请从列表里选择社区"})
    return found


@pages.get("/new")
@entry(*KEEPERS)
def new() -> Any:
    """An empty form for an estate."""
    return page("estate_form", estate=None, given={}, communities=communities_of(county()), **_choices())


@pages.post("/new")
@entry(*KEEPERS)
def add() -> Any:
    """A new estate, with its code."""
    form = Form(request.form)
    try:
        facts = read_facts(form)
        estate = editing.add_estate(_community(form), facts, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "estate_form", estate=None, communities=communities_of(county()), **_choices())
    return back(f"/b/estates/{estate.id}", f"已新增“{estate.name}”，二维码已生成。")


@pages.get("/<int:estate_id>/edit")
@entry(*KEEPERS)
def edit(estate_id: int) -> Any:
    """The facts of an estate, to change them."""
    estate = estate_in(county(), estate_id)
    committee = {True: "yes", False: "no", None: ""}[estate.has_committee]
    given = {
        "name": estate.name,
        "category": estate.category,
        "households": estate.households,
        "area": estate.area_m2,
        "remark": estate.remark,
        "committee": committee,
        "stand_kind": estate.stand_kind,
        "stand_name": estate.stand_name,
        "stand_phone": estate.stand_phone,
    }
    return page("estate_form", estate=estate, given=given, **_choices())


@pages.post("/<int:estate_id>/edit")
@entry(*KEEPERS)
def change(estate_id: int) -> Any:
    """Change the facts of an estate."""
    estate = estate_in(county(), estate_id)
    form = Form(request.form)
    try:
        facts = read_facts(form)
        form.check()
        changed = editing.edit_estate(estate, facts, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "estate_form", estate=estate, **_choices())
    words = f"已修改：{'、'.join(changed)}。" if changed else "内容没有变化。"
    return back(f"/b/estates/{estate_id}", words)


def _choices() -> dict[str, Any]:
    return {"categories": list(CATEGORIES.items()), "committee": list(COMMITTEE.items()), "stands": _stands()}


def _stands() -> list[tuple[str, str]]:
    """Who may stand in for a company, in the book's order."""
    return [(stand.value, KINDS[stand]) for stand in books()[county()].no_company.stands]
