"""Which column of a hotline's table is which: by the book's headings, what was chosen before, and likeness; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

HEADER_WITHIN = 10
LEAST = 2
"""A row that names fewer fields heads no table."""
LIKE = 0.7
"""How like a heading of the book another one must be to be suggested."""

FIELDS: Mapping[str, str] = {
    "number": "工单编号",
    "received_at": "受理时间",
    "due_at": "办结时限",
    "title": "标题",
    "content": "诉求内容",
    "category": "诉求类别",
    "community": "社区",
    "estate": "小区",
    "address": "地址",
    "caller": "诉求人",
    "phone": "联系电话",
    "contact_ok": "同意接听电话",
    "status": "工单状态",
    "urged_at": "催办时间",
    "supervised_at": "督办时间",
}
"""The fields that an import reads, in the words of the page."""

SPELT_ALONE = frozenset({"contact_ok"})
"""Fields whose heading is never guessed: likeness gives no consent."""
Known = Mapping[str, Sequence[str]]
"""Field → the headings it is known by."""


@dataclass(frozen=True)
class Table:
    """The sheet of a file that holds orders: its headings, each once, and the lines below with their numbers."""

    heads: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


def plain(text: str) -> str:
    """A heading without blanks, brackets, stars and capitals, for comparing."""
    bare = re.sub(r"[\s*:。]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"\(.*?\)", "", bare) or bare


def labelled(heads: Sequence[str]) -> tuple[str, ...]:
    """The headings, told apart where one stands twice or is empty."""
    found: list[str] = []
    for number, head in enumerate(heads, start=1):
        name = " ".join(head.split())
        found.append(name if name and name not in found else f"{name}（第 {number} 列）")
    return tuple(found)


def suggest(heads: Sequence[str], known: Known, chosen: Mapping[str, str]) -> dict[str, str]:
    """Field → heading: what was chosen before, else a heading of the book, else the likest; none twice."""
    found = {field: head for field, head in chosen.items() if field in FIELDS and head in heads}
    for pick in (_spelt, _like):
        for field in FIELDS:
            guessed = pick is _like and field in SPELT_ALONE
            if field not in found and chosen.get(field) != "" and not guessed:
                free = [head for head in heads if head not in found.values()]
                match = pick(free, (FIELDS[field], *known.get(field, ())))
                found |= {field: match} if match else {}
    return found


def _spelt(heads: Sequence[str], names: Sequence[str]) -> str | None:
    wanted = {plain(name) for name in names}
    return next((head for head in heads if plain(head) in wanted), None)


def _like(heads: Sequence[str], names: Sequence[str]) -> str | None:
    best = max(
        ((_likeness(plain(head), plain(name)), head) for head in heads for name in names), default=(0, None)
    )
    return best[1] if best[0] >= LIKE else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def find_table(
    tables: Sequence[Sequence[Sequence[str]]], known: Known, chosen: Mapping[str, str]
) -> Table | None:
    """The sheet and the row within its first ten that name most fields; None where none names two."""
    best: tuple[int, int, int] = (LEAST - 1, 0, 0)
    for sheet, rows in enumerate(tables):
        for at, row in enumerate(rows[:HEADER_WITHIN]):
            score = _named(labelled(row), known, chosen)
            if score > best[0]:
                best = score, sheet, at
    if best[0] < LEAST:
        return None
    _, sheet, at = best
    heads = labelled(_trimmed(tables[sheet][at]))
    below = enumerate(tables[sheet][at + 1 :], start=at + 2)
    return Table(heads, tuple((number, tuple(row[: len(heads)])) for number, row in below if any(row)))


def _named(heads: Sequence[str], known: Known, chosen: Mapping[str, str]) -> int:
    """How many fields a row names outright: likeness alone makes no heading of a line of data."""
    names = {plain(name) for field in FIELDS for name in (FIELDS[field], *known.get(field, ()))}
    return sum(plain(head) in names or head in chosen.values() for head in heads)


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return cells
