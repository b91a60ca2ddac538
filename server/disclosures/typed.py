"""From rows as people type them to what a disclosure says, or to a sentence for every faulty field."""

from collections.abc import Callable, Mapping, Sequence

from server.core.errors import Invalid
from server.core.text import clean
from server.disclosures.contents import (
    Charge,
    Charges,
    Contact,
    Contacts,
    Content,
    Entry,
    Income,
    check_income,
)
from server.disclosures.money import MoneyError, decimal, parse_yuan
from server.disclosures.phones import board_phone, is_mobile
from server.disclosures.rules import Kind
from server.policy.model import Book

Row = Mapping[str, str]
MOST_ROWS = 40
LENGTHS = {"name": 40, "price": 60, "unit": 20, "basis": 80, "department": 30, "duty": 120, "contact": 20}


class Reader:
    """Reads fields one by one and remembers each that is wrong; `faults` are `rows.0.field: sentence`."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}

    def text(self, row: Row, at: str, key: str, *, missing: str = "") -> str:
        """A cleaned text; a fault when it is too long, unprintable, or missing where `missing` says so."""
        try:
            value = " ".join(clean(row.get(key, "")).split())
        except ValueError:
            self.faults[f"{at}{key}"] = "里面有不能显示的字符，请重新输入。"
            return ""
        if not value and missing:
            self.faults[f"{at}{key}"] = missing
        if len(value) > LENGTHS[key]:
            self.faults[f"{at}{key}"] = f"太长了，最多 {LENGTHS[key]} 个字，现在是 {len(value)} 个字。"
        return value

    def money(self, text: str, path: str, *, signed: bool = False) -> int:
        """An amount in fen."""
        try:
            return parse_yuan(text, signed=signed)
        except MoneyError as fault:
            self.faults[path] = str(fault)
            return 0

    def rows(self, rows: Sequence[Row], name: str) -> list[tuple[str, Row]]:
        """The rows that are not wholly empty, each with the beginning of its fields' names."""
        kept = [(f"{name}.{at}.", row) for at, row in enumerate(rows) if any(v.strip() for v in row.values())]
        if len(kept) > MOST_ROWS:
            self.faults[name] = f"最多 {MOST_ROWS} 行，请合并一些。"
        return kept

    def done(self) -> None:
        """Invalid with all faults, when there are any."""
        if self.faults:
            raise Invalid(f"有 {len(self.faults)} 处要改一下，已填写的内容都在。", fields=self.faults)


def read_charges(rows: Sequence[Row]) -> Charges:
    """Charged items; a name and a price each, no name twice. Raises Invalid."""
    reader = Reader()
    items: list[Charge] = []
    for at, row in reader.rows(rows, "items"):
        name = reader.text(row, at, "name", missing="请写收费项目，例如 物业服务费。")
        if name and name in {item.name for item in items}:
            reader.faults[f"{at}name"] = f"“{name}”已经有了，请合并，或写明区别，例如 {name}（商铺）。"
        price = reader.text(row, at, "price", missing="请写收费标准，例如 1.20；按实收取的写“据实”。")
        items.append(Charge(name, price, reader.text(row, at, "unit"), reader.text(row, at, "basis")))
    if not items:
        reader.faults["items"] = "请至少写一个收费项目。"
    reader.done()
    return Charges(tuple(items))


def read_income(*, opening: str, income: Sequence[Row], spending: Sequence[Row], closing: str) -> Income:
    """A quarter's public income that adds up; amounts in yuan as typed. Raises Invalid."""
    reader = Reader()
    read = Income(
        reader.money(opening, "opening", signed=True),
        _entries(reader, income, "income", "请写收入来源，例如 电梯广告。"),
        _entries(reader, spending, "spending", "请写支出用途，例如 单元门维修。"),
        reader.money(closing, "closing", signed=True),
    )
    reader.done()
    return check_income(read)


def _entries(reader: Reader, rows: Sequence[Row], name: str, missing: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            reader.text(row, at, "name", missing=missing), reader.money(row.get("amount", ""), f"{at}amount")
        )
        for at, row in reader.rows(rows, name)
    )


def read_contacts(rows: Sequence[Row]) -> Contacts:
    """A contact board; mobile numbers only where `office` confirms them (public office numbers alone). Raises Invalid."""
    reader = Reader()
    items = tuple(_contact(reader, at, row) for at, row in reader.rows(rows, "items"))
    if not items:
        reader.faults["items"] = "请至少写一行联系人。"
    reader.done()
    return Contacts(items)


def _contact(reader: Reader, at: str, row: Row) -> Contact:
    typed = row.get("phone", "")
    phone, office = board_phone(typed), bool(row.get("office"))
    if phone is None:
        wrong = "这个号码不完整，座机请带区号；一行只写一个号码。"
        reader.faults[f"{at}phone"] = wrong if typed.strip() else "请写电话；没有电话的这一行请勾选删掉。"
    elif is_mobile(phone) and not office:
        reader.faults[f"{at}phone"] = "这是手机号。是公开的办公号码请勾选确认；私人号码请换成办公电话。"
    return Contact(
        reader.text(row, at, "department", missing="请写部门或单位。"),
        reader.text(row, at, "duty", missing="请写管什么，居民看得懂的话。"),
        reader.text(row, at, "contact"),
        phone or "",
        office=office and is_mobile(phone or ""),
    )


def default_rows(book: Book) -> list[dict[str, str]]:
    """The rows that a county's board begins with: departments and duties, the phones still to be filled in."""
    return [
        {"department": book.bodies[line.body].name, "duty": line.duty, "contact": "", "phone": ""}
        for line in book.board
    ]


def typed_rows(content: Content) -> dict[str, list[dict[str, str]]]:
    """A content as rows to edit again: what `read_*` would read as the same content."""
    if isinstance(content, Income):
        return {
            "income": [{"name": one.name, "amount": decimal(one.amount)} for one in content.income],
            "spending": [{"name": one.name, "amount": decimal(one.amount)} for one in content.spending],
        }
    if isinstance(content, Charges):
        return {
            "items": [
                {"name": one.name, "price": one.price, "unit": one.unit, "basis": one.basis}
                for one in content.items
            ]
        }
    return {
        "items": [
            {
                "department": one.department,
                "duty": one.duty,
                "contact": one.contact,
                "phone": one.phone,
                "office": "1" if one.office else "",
            }
            for one in content.items
        ]
    }


READERS: dict[Kind, Callable[[Sequence[Row]], Content]] = {
    Kind.CHARGES: read_charges,
    Kind.CONTACTS: read_contacts,
}
