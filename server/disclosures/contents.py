"""What disclosures say, as values that add up; from rows as people type them, and to what is kept; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server.core.errors import Invalid
from server.disclosures.money import yuan
from server.disclosures.rules import Kind


@dataclass(frozen=True)
class Charge:
    """One charged item: what it costs as the contract words it, by what unit, on what basis."""

    name: str
    price: str
    unit: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Charges:
    """Every charged item of an estate (收费项目与标准)."""

    items: tuple[Charge, ...]


@dataclass(frozen=True)
class Entry:
    """One line of income or spending, in fen."""

    name: str
    amount: int


@dataclass(frozen=True)
class Income:
    """A quarter's public income in fen; opening + income − spending = closing (奇政办发〔2023〕28号 三（二）11)."""

    opening: int
    income: tuple[Entry, ...]
    spending: tuple[Entry, ...]
    closing: int

    @property
    def received(self) -> int:
        """All income together."""
        return sum(entry.amount for entry in self.income)

    @property
    def spent(self) -> int:
        """All spending together."""
        return sum(entry.amount for entry in self.spending)

    @property
    def expected(self) -> int:
        """The closing balance that the lines give."""
        return self.opening + self.received - self.spent


@dataclass(frozen=True)
class Contact:
    """One line of the contact board; `office` says that a mobile number was confirmed to be a public office one."""

    department: str
    duty: str
    contact: str
    phone: str
    office: bool = False


@dataclass(frozen=True)
class Contacts:
    """The contact board (执法部门职责及联系人公告牌)."""

    items: tuple[Contact, ...]


Content = Charges | Income | Contacts


def check_income(income: Income) -> Income:
    """The same, when it adds up; Invalid names the two figures and the difference."""
    if income.closing == income.expected:
        return income
    off = income.closing - income.expected
    sentence = (
        f"对不上：期初 {yuan(income.opening)} + 收入 {yuan(income.received)} − 支出 {yuan(income.spent)} "
        f"= {yuan(income.expected)} 元，您填的期末结余{'多' if off > 0 else '少'}了 {yuan(abs(off))} 元。"
    )
    raise Invalid(sentence, fields={"closing": sentence})


def break_between(before: Income | None, after: Income) -> str | None:
    """What to ask about when a quarter does not begin with what the one before it left."""
    if before is None or before.closing == after.opening:
        return None
    return f"期初结余 {yuan(after.opening)} 元，和上一季度公开的期末结余 {yuan(before.closing)} 元不一致。"


def to_data(content: Content) -> dict[str, Any]:
    """What is kept in the row; the same content always gives the same data."""
    return {key: list(part) if isinstance(part, tuple) else part for key, part in asdict(content).items()}


def from_data(kind: Kind, data: Mapping[str, Any]) -> Content:
    """The content of a row."""
    if kind is Kind.INCOME:
        return Income(data["opening"], _entries(data["income"]), _entries(data["spending"]), data["closing"])
    if kind is Kind.CHARGES:
        return Charges(tuple(Charge(**item) for item in data["items"]))
    return Contacts(tuple(Contact(**item) for item in data["items"]))


def kind_of(content: Content) -> Kind:
    """Which disclosure it is."""
    if isinstance(content, Income):
        return Kind.INCOME
    return Kind.CHARGES if isinstance(content, Charges) else Kind.CONTACTS


def _entries(rows: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(row["name"], row["amount"]) for row in rows)
