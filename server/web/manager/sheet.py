"""The rows of a disclosure as somebody types them: nothing is lost between two submits, a script or none."""

import re
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from server.disclosures.contents import Content, Income
from server.disclosures.money import decimal
from server.disclosures.rules import Kind
from server.disclosures.typed import READERS, read_income, typed_rows

Row = dict[str, str]
COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.CHARGES: {"items": ("name", "price", "unit", "basis")},
    Kind.CONTACTS: {"items": ("department", "duty", "contact", "phone", "office")},
    Kind.INCOME: {"income": ("name", "amount"), "spending": ("name", "amount")},
}
"""The lists of each kind and the fields of their rows."""
MOST_SHOWN = 60
LONGEST = 400
NAMED = re.compile(r"([a-z]+)-(\d{1,3})-([a-z]+)", re.ASCII)


@dataclass
class Sheet:
    """A form as typed: lists of rows, single fields, and the sentence for every faulty field."""

    kind: Kind
    rows: dict[str, list[Row]]
    opening: str = ""
    closing: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def content(self) -> Content:
        """What the sheet says. Raises Invalid with `rows.0.field` for every fault."""
        if self.kind is Kind.INCOME:
            return read_income(
                opening=self.opening,
                income=self.rows["income"],
                spending=self.rows["spending"],
                closing=self.closing,
            )
        return READERS[self.kind](self.rows["items"])

    def add_row(self, name: str) -> None:
        """One more empty row in a list of this kind."""
        if name in self.rows and len(self.rows[name]) < MOST_SHOWN:
            self.rows[name].append(_empty(self.kind, name))

    def fault(self, fields: dict[str, str]) -> None:
        """Remember faults under the names that the form's fields have."""
        self.errors = {name.replace(".", "-"): sentence for name, sentence in fields.items()}


def from_form(kind: Kind, form: MultiDict[str, str]) -> Sheet:
    """The sheet as it was sent, without the rows that were ticked to go."""
    found: dict[str, dict[int, Row]] = {name: {} for name in COLUMNS[kind]}
    for key, value in form.items():
        match = NAMED.fullmatch(key)
        if match and match[1] in found:
            found[match[1]].setdefault(int(match[2]), {})[match[3]] = value[:LONGEST]
    rows = {
        name: [_row(kind, name, row) for _, row in sorted(given.items()) if "drop" not in row][:MOST_SHOWN]
        for name, given in found.items()
    }
    return Sheet(kind, rows, form.get("opening", "")[:LONGEST], form.get("closing", "")[:LONGEST])


def from_content(content: Content | None, kind: Kind, *, rows: list[Row] | None = None) -> Sheet:
    """A sheet to edit: of a content that is there, of rows to begin with, or with empty rows."""
    given = typed_rows(content) if content else {"items": rows} if rows else {}
    sheet = Sheet(kind, {name: [dict(row) for row in given.get(name) or []] for name in COLUMNS[kind]})
    for name, list_ in sheet.rows.items():
        if not list_:
            list_.append(_empty(kind, name))
    if isinstance(content, Income):
        sheet.opening, sheet.closing = decimal(content.opening), decimal(content.closing)
    return sheet


def _row(kind: Kind, name: str, given: Row) -> Row:
    return {column: given.get(column, "") for column in COLUMNS[kind][name]}


def _empty(kind: Kind, name: str) -> Row:
    return dict.fromkeys(COLUMNS[kind][name], "")
