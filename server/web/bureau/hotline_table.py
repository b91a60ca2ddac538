"""`/b/hotline/<id>`: a hotline's table looked over: which column is which, what nobody knows, the bad rows; then in."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response

from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import HouseError, Invalid
from server.interop.hotline.columns import FIELDS
from server.interop.hotline.drafts import begun, draft_of, import_chunk, left_of, reading_of, taken_of
from server.interop.hotline.memory import choose_columns, estates_of, explain_estate, explain_kind
from server.interop.hotline.models import HotlineDraft
from server.interop.hotline.reading import faults_xlsx
from server.policy.loader import books
from server.policy.vocabulary import suggest_kinds
from server.web.bureau.shell import back, county, me, page, refused
from server.web.typed import said, typed

pages = Blueprint("bureau_hotline_table", __name__, url_prefix="/b/hotline/<int:draft_id>")
SHOWN, NAMES, WORDS_MOST = 200, 40, 400
"""Faults and unknown names on the page; all faults are in the file to download."""
AT_ONCE = 1000
"""Orders that one press of the button takes in, some seconds' work."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("")
@entry(Role.BUREAU)
def preview(draft_id: int) -> Any:
    """What is understood of the table, and the bad rows only."""
    draft = _mine(draft_id)
    return page("hotline_table", **_shown(draft))


@pages.get("/faults.xlsx")
@entry(Role.BUREAU)
def faults(draft_id: int) -> Response:
    """Every fault as a table to work through."""
    data = faults_xlsx(reading_of(_mine(draft_id), now=clock.now()).sheet)
    response = Response(data, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('需要修改.xlsx')}"
    return response


@pages.post("/columns")
@entry(Role.BUREAU)
def columns(draft_id: int) -> Any:
    """Which column is which, from now on."""
    draft = _mine(draft_id)
    heads = reading_of(draft, now=clock.now()).table.heads
    asked = {field: typed(f"column-{field}", most=WORDS_MOST) for field in FIELDS}
    used = [head for head in asked.values() if head]
    wrong = {
        f"column-{field}": "一列只能用一次，请重新选择" if head in heads else "请从列表里选择"
        for field, head in asked.items()
        if head and (head not in heads or used.count(head) > 1)
    }
    if wrong:
        return refused(Invalid("有内容需要修改。", fields=wrong), "hotline_table", **_shown(draft, asked))
    choose_columns(county(), asked)
    return back(f"/b/hotline/{draft_id}", "列的对应已保存，下次自动使用。")


@pages.post("/names")
@entry(Role.BUREAU)
def names(draft_id: int) -> Any:
    """What unknown names mean, from now on."""
    draft = _mine(draft_id)
    try:
        count = _explain()
    except HouseError as error:
        return refused(error, "hotline_table", **_shown(draft))
    return back(f"/b/hotline/{draft_id}", f"已记住 {count} 个名称，下次自动使用。")


@pages.post("")
@entry(Role.BUREAU)
def run(draft_id: int) -> Any:
    """Take the next good rows in."""
    draft, now = _mine(draft_id), clock.now()
    more = import_chunk(draft, most=AT_ONCE, by=me() or 0, now=now)
    words = "还没有导完，请继续。" if more else "导入完成。"
    return back(f"/b/hotline/{draft_id}", words + taken_of(draft).sentence, "warn" if more else "ok")


def _mine(draft_id: int) -> HotlineDraft:
    return draft_of(me() or 0, draft_id, now=clock.now())


def _explain() -> int:
    """Keep the choices that were made; how many. Raises Invalid for an estate that is none."""
    now, known = clock.now(), {words: number for number, words in _estates()}
    kinds, count, wrong = dict(_kinds()), 0, dict[str, str]()
    for at in range(NAMES):
        estate, kind = (typed(f"{what}-{at}", most=WORDS_MOST).strip() for what in ("estate", "kind"))
        if estate and estate not in known:
            wrong[f"estate-{at}"] = "请从列表里选择小区"
        elif estate and (words := _words(f"estate-words-{at}")):
            explain_estate(county(), words, known[estate], by=me(), now=now)
            count += 1
        if kind and kind not in kinds:
            wrong[f"kind-{at}"] = "请从列表里选择类别"
        elif kind:
            explain_kind(county(), _words(f"kind-words-{at}"), kind, by=me(), now=now)
            count += 1
    if wrong:
        raise Invalid("有内容需要修改。", fields=wrong)
    return count


def _words(name: str) -> str:
    try:
        return said(name, most=WORDS_MOST)
    except Invalid:
        return ""


def _estates() -> list[tuple[int, str]]:
    found = estates_of(county()).by_id.values()
    return sorted(
        ((one.estate_id, f"{one.name}（{one.community}）") for one in found), key=lambda one: one[1]
    )


def _kinds() -> list[tuple[str, str]]:
    book = books()[county()]
    tiles = {tile.key: tile.label for tile in book.tiles}
    return [
        (kind.key, f"{tiles[kind.tile]} · {kind.label}")
        for kind in book.kinds.values()
        if not kind.confidential
    ]


def _choices(words: str) -> list[tuple[str, str]]:
    """The kinds to choose from, first those that the words may mean; nothing is chosen by itself."""
    kinds = dict(_kinds())
    likely = [one.kind for one in suggest_kinds(books()[county()], words).kinds]
    first = [(key, f"可能是：{kinds[key]}") for key in likely]
    return first + [(key, label) for key, label in kinds.items() if key not in likely]


def _shown(draft: HotlineDraft, chosen: dict[str, str] | None = None) -> dict[str, Any]:
    reading = reading_of(draft, now=clock.now())
    sheet = reading.sheet
    return {
        "draft": draft,
        "fields": FIELDS.items(),
        "mapping": chosen or reading.mapping,
        "heads": [(head, head) for head in reading.table.heads],
        "missing": reading.missing,
        "faults": sheet.faults[:SHOWN],
        "many": len(sheet.faults),
        "bad_rows": sheet.bad,
        "ready": left_of(draft, reading),
        "begun": begun(draft),
        "at_once": AT_ONCE,
        "unknown_estates": sheet.unknown_estates.most_common(NAMES),
        "unknown_kinds": [
            (words, number, _choices(words)) for words, number in sheet.unknown_kinds.most_common(NAMES)
        ],
        "estates": _estates() if sheet.unknown_estates else [],
    }
