"""What somebody filled into the report form: read, judged field by field, never lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from server.core.masks import phone_digits
from server.core.text import clean
from server.policy.model import Book, Kind
from server.policy.vocabulary import suggest_kinds
from server.reports.filing import Filing

LIMITS = {"text": 500, "where": 80, "building": 40, "unit": 20, "phone": 20}
CHOOSE = "请点选一类问题，再点选具体情况。"


@dataclass(frozen=True)
class Answers:
    """The form's fields as typed, cleaned, and what is wrong with them."""

    tile: str = ""
    kind: str = ""
    building: str = ""
    unit: str = ""
    where: str = ""
    text: str = ""
    phone: str = ""
    contact_ok: bool = False
    public: bool = False
    phones_shown: bool = False
    """Whether the page that was sent showed whom to call first for this kind."""
    errors: Mapping[str, str] = field(default_factory=dict)

    def filing(self, photos: tuple[str, ...]) -> Filing:
        """What is filed, once nothing is wrong."""
        return Filing(
            kind=self.kind,
            text=self.text,
            photos=photos,
            building=self.building or None,
            unit=self.unit or None,
            where=self.where or None,
            phone=self.phone or None,
            contact_ok=bool(self.contact_ok and self.phone),
            public=self.public,
            called_first=self.phones_shown,
        )


@dataclass(frozen=True)
class Suggestions:
    """Kinds to choose from above the tiles, as (key, label), and whether to point to the quiet line."""

    kinds: Sequence[tuple[str, str]] = ()
    quiet: bool = False


def read(form: MultiDict[str, str], book: Book, buildings: Sequence[tuple[str, int]]) -> Answers:
    """The answers of a posted form, each judged by itself."""
    errors: dict[str, str] = {}
    texts = {name: _text(form.get(name, ""), name, most, errors) for name, most in LIMITS.items()}
    kind = _kind(form, book)
    if kind is None:
        errors["kind"] = CHOOSE
    if texts["phone"] and not phone_digits(texts["phone"]):
        errors["phone"] = "电话号码不对，请检查；也可以不填。"
    building, unit = _home(texts["building"], texts["unit"], buildings, errors)
    return Answers(
        tile=form.get("tile", ""),
        kind=kind.key if kind else "",
        building=building,
        unit=unit,
        where=texts["where"],
        text=texts["text"],
        phone=texts["phone"],
        contact_ok="contact_ok" in form,
        public="public" in form,
        phones_shown=bool(kind and kind.key in form.get("phones_shown", "").split(",")),
        errors=dict(sorted(errors.items(), key=lambda one: one[0] != "kind")),
    )


def _text(raw: str, name: str, most: int, errors: dict[str, str]) -> str:
    try:
        text = clean(raw)
    except ValueError:
        errors[name] = "里面有不能显示的字符，请重新输入。"
        return ""
    if len(text) > most:
        errors[name] = f"太长了，最多 {most} 个字，现在是 {len(text)} 个字。"
    return text


def _kind(form: MultiDict[str, str], book: Book) -> Kind | None:
    """The kind that was ticked; none where it lies under another tile than the open one, or is not offered.

    Only without one a suggestion counts that was ticked above the tiles; a confidential kind cannot be one.
    """
    kind = book.kinds.get(form.get("kind", ""))
    if kind is not None and kind.tile == form.get("tile", kind.tile):
        return kind
    suggested = book.kinds.get(form.get("suggested", ""))
    return None if suggested is None or suggested.confidential else suggested


def suggestions(book: Book, answers: Answers) -> Suggestions:
    """What the words may mean, for a form that came back without a kind."""
    if "kind" not in answers.errors:
        return Suggestions()
    found = suggest_kinds(book, answers.text)
    return Suggestions([(one.kind, book.kinds[one.kind].label) for one in found.kinds], found.quiet)


def _home(
    building: str, unit: str, buildings: Sequence[tuple[str, int]], errors: dict[str, str]
) -> tuple[str, str]:
    """Building and unit where the estate's list has them; without a list the words stand as typed."""
    units = dict(buildings)
    if buildings and building and building not in units:
        errors["building"] = "请从列表里选择楼栋；找不到就写在“具体位置”里。"
        return "", ""
    if unit and buildings and not building:
        errors["building"] = "选了单元，请再选楼栋。"
    if unit and building in units and unit not in unit_names(units[building]):
        errors["unit"] = f"{building}没有{unit}，请重新选择；不清楚可以不选。"
        return building, ""
    return building, unit


def unit_names(units: int) -> list[str]:
    """The units of a building as they are called."""
    return [f"{number}单元" for number in range(1, units + 1)]
