"""Whom the books name for each kind, by the same rules as filing, as rows that a statement can join (pure)."""

from collections.abc import Iterable
from typing import Any

from server.policy.model import Book
from server.policy.routing import route
from server.reports.audience import told
from server.reports.workflow import Act


def ways(books: Iterable[tuple[str, str, Book]]) -> list[dict[str, Any]]:
    """A row for each county, version and kind; the county and version are those that the reports carry."""
    return [
        _way(county_id, version, book, kind.key)
        for county_id, version, book in books
        for kind in book.kinds.values()
        if not kind.confidential
    ]


def _way(county_id: str, version: str, book: Book, kind: str) -> dict[str, Any]:
    way = route(book, kind)
    return {
        "county": county_id,
        "version": version,
        "kind": kind,
        "keys": list(way.bodies),
        "safety": list(way.safety),
        "township": way.township,
    }


def _acts(part: str) -> tuple[str, ...]:
    found = (act for act in Act if act not in APART and getattr(told(act, grants_by_community=False), part))
    return tuple(act.value for act in found)


APART = frozenset({Act.CHECK, Act.RESOLVE, Act.MERGE, Act.SPLIT, Act.LOOK_BACK, Act.EXTEND})
"""Acts that tell by their result, or stand in several histories though only one of them is told."""
TO_HANDLER = _acts("handler")
TO_BUREAU = _acts("bureau")
