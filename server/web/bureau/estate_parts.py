"""The parts of one estate: company, buildings, emergency numbers, spots, codes."""

from typing import Any

from flask import Blueprint, request

from server.companies import editing
from server.companies.areas import company_names
from server.companies.listing import building_choices
from server.companies.places import place_of_estate
from server.companies.service import current_project
from server.core import clock
from server.core.entry import entry
from server.core.errors import HouseError, Invalid
from server.estates import editing as places
from server.estates import queries
from server.estates.building_lines import as_lines, read_lines
from server.estates.buildings import Unreadable
from server.estates.codes import normalise, printed
from server.estates.editing import SPOT_WORDS
from server.estates.service import estate_in
from server.policy.loader import books
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, back, county, me, page, refused

parts = Blueprint("bureau_estate_parts", __name__, url_prefix="/b/estates/<int:estate_id>")
FREE_NUMBERS = 2
"""Empty lines for numbers that the rule book does not name."""


def home(estate_id: int) -> str:
    """The page of the estate."""
    return f"/b/estates/{estate_id}"


@parts.get("/company")
@entry(*KEEPERS)
def company(estate_id: int) -> Any:
    """Who serves the estate, to change it."""
    estate = estate_in(county(), estate_id)
    place, project = place_of_estate(county(), estate_id), current_project(estate_id)
    given = {
        "company": place.company_name,
        "phone": place.company_phone,
        "nature": project.nature if project else "",
        "services": place.services,
        "manager_name": place.manager_name,
        "manager_phone": place.manager_phone,
        "since": place.managed_since,
    }
    return page(
        "company", estate=estate, given=given, served=bool(project), companies=company_names(county())
    )


@parts.post("/company")
@entry(*KEEPERS)
def change_company(estate_id: int) -> Any:
    """Another company, or other facts about the one there."""
    estate = estate_in(county(), estate_id)
    form = Form(request.form)
    try:
        service = editing.Service(
            company=form.text("company", "企业名称", most=100, need=True),
            phone=form.phone("phone", "企业电话"),
            nature=form.text("nature", "管理性质", most=60) or None,
            services=form.text("services", "服务内容", most=500) or None,
            manager_name=form.text("manager_name", "负责人", most=60) or None,
            manager_phone=form.phone("manager_phone", "负责人电话", most=60),
            since_on=form.day("since", "入驻时间"),
        )
        form.check()
        editing.edit_service(estate, service, by=me(), now=clock.now())
    except HouseError as error:
        served = bool(current_project(estate_id))
        return refused(error, "company", estate=estate, served=served, companies=company_names(county()))
    return back(home(estate_id), f"物业已更新为“{service.company}”。")


@parts.post("/company/end")
@entry(*KEEPERS)
def end_company(estate_id: int) -> Any:
    """The company leaves; the community stands in (A14)."""
    editing.end_service(estate_in(county(), estate_id), by=me(), now=clock.now())
    return back(home(estate_id), "物业已登记撤出，新的上报先由社区受理。")


@parts.get("/buildings")
@entry(*KEEPERS)
def buildings(estate_id: int) -> Any:
    """The buildings as lines, to change them."""
    estate = estate_in(county(), estate_id)
    return page("buildings", estate=estate, given={"lines": as_lines(queries.buildings(estate_id))})


@parts.post("/buildings")
@entry(*KEEPERS)
def change_buildings(estate_id: int) -> Any:
    """Replace the list of buildings."""
    estate = estate_in(county(), estate_id)
    form = Form(request.form)
    try:
        text = form.text("lines", "楼栋", most=8000)
        form.check()
        try:
            wanted = read_lines(text)
        except Unreadable as unreadable:
            raise Invalid(str(unreadable), fields={"lines": str(unreadable)}) from unreadable
        stayed = places.edit_buildings(estate, wanted, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "buildings", estate=estate)
    kept = f"{'、'.join(stayed)} 上还有点位，先保留；停用点位后再删。" if stayed else ""
    return back(home(estate_id), f"已保存 {len(wanted)} 栋楼。{kept}")


def _number_lines(estate_id: int) -> list[tuple[str, str, str]]:
    """Kind, label and phone for each line of the form: what the rule book asks for, then free ones."""
    standing = queries.emergency_numbers_by_kind(estate_id)
    known = {kind: (label, phone) for kind, label, phone in standing}
    asked = [one for one in books()[county()].emergency.values() if one.per_estate]
    lines = [(one.key, *known.get(one.key, (one.label, ""))) for one in asked]
    others = [(label, phone) for kind, label, phone in standing if kind not in {one.key for one in asked}]
    others += [("", "")] * FREE_NUMBERS
    return [*lines, *(("other", label, phone) for label, phone in others)]


@parts.get("/numbers")
@entry(*KEEPERS)
def numbers(estate_id: int) -> Any:
    """The emergency numbers, to change them."""
    estate = estate_in(county(), estate_id)
    return page("numbers", estate=estate, lines=_number_lines(estate_id), given={})


@parts.post("/numbers")
@entry(*KEEPERS)
def change_numbers(estate_id: int) -> Any:
    """Replace the emergency numbers; a line without a phone goes."""
    estate = estate_in(county(), estate_id)
    form, wanted = Form(request.form), []
    kinds = {one.key for one in books()[county()].emergency.values() if one.per_estate}
    for at, kind in enumerate(request.form.getlist("kind")[:20]):
        label = form.text(f"label-{at}", "名称", most=40)
        phone = form.phone(f"phone-{at}", "电话")
        if phone and not label:
            form.faults[f"label-{at}"] = "请写上这个电话是谁的"
        if phone:
            wanted.append((kind if kind in kinds else "other", label, phone))
    try:
        form.check()
    except HouseError as error:
        return refused(error, "numbers", estate=estate, lines=_number_lines(estate_id))
    places.edit_numbers(estate, wanted, by=me(), now=clock.now())
    return back(home(estate_id), "应急电话已更新，居民扫码后最先看到。")


def _spot_form(estate_id: int) -> dict[str, Any]:
    return {"kinds": list(SPOT_WORDS.items()), "buildings": building_choices(estate_id)}


@parts.get("/spots/new")
@entry(*KEEPERS)
def new_spot(estate_id: int) -> Any:
    """A form for a lift, a gate, a pump room."""
    return page("spot", estate=estate_in(county(), estate_id), given={}, **_spot_form(estate_id))


@parts.post("/spots/new")
@entry(*KEEPERS)
def add_spot(estate_id: int) -> Any:
    """A spot with a code of its own."""
    estate = estate_in(county(), estate_id)
    form = Form(request.form)
    try:
        name = form.text("spot", "名称", most=60, need=True)
        kind = form.choice("kind", SPOT_WORDS, "点位种类", need=True)
        form.check()
        places.open_spot(
            estate, kind=kind, name=name, building_id=form.number("building"), by=me(), now=clock.now()
        )
    except HouseError as error:
        return refused(error, "spot", estate=estate, **_spot_form(estate_id))
    return back(home(estate_id), f"已新增点位“{name}”，它有自己的二维码，请下载打印。")


@parts.post("/spots/<int:spot_id>/close")
@entry(*KEEPERS)
def close_spot(estate_id: int, spot_id: int) -> Any:
    """A spot is no more; its code stops."""
    places.close_spot(estate_in(county(), estate_id), spot_id, by=me(), now=clock.now())
    return back(home(estate_id), "点位已停用，它的二维码同时失效。")


@parts.post("/codes/renew")
@entry(*KEEPERS)
def renew_code(estate_id: int) -> Any:
    """A new code; the old one stops at once."""
    estate = estate_in(county(), estate_id)
    chosen = Form(request.form).number("spot")
    spot = places.spot_of(estate, chosen) if chosen is not None else None
    code = places.renew_code(estate, spot, by=me(), now=clock.now())
    words = f"新码 {printed(code.code)} 已生效，旧码即刻失效。请尽快打印、替换墙上的旧码。"
    return back(home(estate_id), words)


@parts.post("/codes/stop")
@entry(*KEEPERS)
def stop_code(estate_id: int) -> Any:
    """One code stops, for good."""
    code = normalise(request.form.get("code", "")) or ""
    places.stop_code(estate_in(county(), estate_id), code, by=me(), now=clock.now())
    return back(home(estate_id), f"二维码 {printed(code)} 已停用，扫码的人会看到“无效或已停用”。", "warn")
