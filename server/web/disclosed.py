"""Disclosures as every audience sees them: figures for plots and tables."""

from dataclasses import dataclass

from markupsafe import Markup

from server.disclosures.contents import Entry, Income
from server.disclosures.money import yuan
from server.disclosures.quarters import parse_quarter
from server.disclosures.rules import LABELS, Kind
from server.web.charts import bars

FEN = 100


@dataclass(frozen=True)
class Ledger:
    """A quarter's public income as a page shows it."""

    title: str
    plot: Markup
    rows: list[tuple[str, str, str, str]]
    """Item, income, spending, balance."""
    foot: tuple[str, str, str, str]


def title_of(kind: Kind, period: str) -> str:
    """What a revision is called: 公共收益 2026年第三季度."""
    quarter = parse_quarter(period)
    return f"{LABELS[kind]} {quarter.words}" if quarter else LABELS[kind]


def ledger(income: Income, period: str) -> Ledger:
    """Plot and table of a quarter, from the opening balance down to the closing one."""
    quarter = parse_quarter(period)
    name = quarter.words if quarter else ""
    figures = [("收入", income.received), ("支出", income.spent), ("期末结余", income.closing)]
    plot = bars(f"{name}公共收益", [(word, fen / FEN) for word, fen in figures], unit=" 元")
    received = [_row(entry, received=True) for entry in income.income]
    spent = [_row(entry, received=False) for entry in income.spending]
    rows = [("期初结余", "", "", yuan(income.opening)), *received, *spent]
    foot = ("合计和期末结余", yuan(income.received), yuan(income.spent), yuan(income.closing))
    return Ledger(name, plot, rows, foot)


def _row(entry: Entry, *, received: bool) -> tuple[str, str, str, str]:
    amount = yuan(entry.amount)
    return (entry.name, amount, "", "") if received else (entry.name, "", amount, "")
