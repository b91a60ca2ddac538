"""Revisions as the JSON API shows them."""

from dataclasses import asdict
from typing import Any

from server.disclosures.contents import Charges, Content, Entry, Income
from server.disclosures.models import Disclosure
from server.disclosures.money import decimal
from server.disclosures.revisions import Released, Revision, revision_of


def content_view(content: Content) -> dict[str, Any]:
    """The part of its kind; the other two are null."""
    parts: dict[str, Any] = {"charges": None, "income": None, "contacts": None}
    if isinstance(content, Income):
        return parts | {"income": _income(content)}
    key = "charges" if isinstance(content, Charges) else "contacts"
    return parts | {key: [asdict(item) for item in content.items]}


def _income(income: Income) -> dict[str, Any]:
    return {
        "opening": decimal(income.opening),
        "income": _entries(income.income),
        "spending": _entries(income.spending),
        "closing": decimal(income.closing),
    }


def _entries(entries: tuple[Entry, ...]) -> list[dict[str, str]]:
    return [{"name": one.name, "amount": decimal(one.amount)} for one in entries]


def revision_view(one: Revision) -> dict[str, Any]:
    """A revision whole."""
    return {
        "kind": one.kind,
        "period": one.period,
        "revision": one.revision,
        "state": one.state,
        "released_on": one.on,
        "digest": one.digest,
    } | content_view(one.content)


def row_view(row: Disclosure) -> dict[str, Any]:
    """A revision that was just handed in."""
    return revision_view(revision_of(row))


def released_views(found: Released) -> list[dict[str, Any]]:
    """All that is released, what stands first, then the quarters, newest first."""
    single = [one for one in (found.charges, found.contacts) if one]
    return [revision_view(one) for one in (*single, *found.income)]
