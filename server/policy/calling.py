"""Whom to call before anything else: the book's numbers, and an estate's own where the country has none (pure)."""

from collections.abc import Sequence

from server.policy.model import Book

Numbers = Sequence[tuple[str, str, str]]
"""An estate's own emergency numbers: kind, label, phone."""


def numbers_for(keys: Sequence[str], book: Book, own: Numbers) -> list[tuple[str, str]]:
    """Whom to call, as (words, number): the estate's own number where the book has none for the whole country."""
    found: list[tuple[str, str]] = []
    for key in keys:
        number = book.emergency[key]
        if number.phone:
            found.append((number.label, number.phone))
        else:
            found += [(label, phone) for kind, label, phone in own if kind == key]
    return found
