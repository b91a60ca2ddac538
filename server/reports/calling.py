"""Whom to call before anything else: the book's numbers for a kind, and the estate's own where it has some (A13)."""

from server.estates.queries import emergency_numbers_by_kind
from server.policy.calling import Numbers, numbers_for
from server.policy.loader import books
from server.policy.model import Book


def call_first(county_id: str, estate_id: int, kind_key: str) -> list[tuple[str, str]]:
    """Whom to call before a report of this kind at an estate; asks the database only where the book names somebody."""
    book = books()[county_id]
    kind = book.kinds.get(kind_key)
    if kind is None or not kind.call_first:
        return []
    return numbers_for(kind.call_first, book, emergency_numbers_by_kind(estate_id))


def shows_phone(book: Book, kind_key: str, own: Numbers) -> bool:
    """Whether a page that offers this kind shows a number to call first, as the book orders it for dangers."""
    return kind_key in book.hazard.phone_first and bool(
        numbers_for(book.kinds[kind_key].call_first, book, own)
    )
