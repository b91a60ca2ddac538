"""From folders of TOML files to the rule books in force, or to every fault in them."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from server.core import clock
from server.core.doubles import original_of
from server.policy.binding import bind
from server.policy.check import check_book, check_sources
from server.policy.layers import COUNTIES, lay, layers
from server.policy.model import Book, Kind
from server.policy.reader import Faults
from server.policy.shelf import Shelf, quarrels

log = logging.getLogger(__name__)
_own: list[Path] = []
"""The folder of this installation's own books, where the settings name one."""


class BookError(Exception):
    """A book that cannot be used; `faults` are sentences that name file, key and what was expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Counties(dict[str, Book]):
    """The counties' books; asked for a county's double it gives that book too, though none is listed."""

    def __missing__(self, code: str) -> Book:
        """The same book under the double's code. KeyError for every other code."""
        original = original_of(code)
        if original is None or original not in self:
            raise KeyError(code)
        return doubled(self[original], code)


def doubled(book: Book, code: str) -> Book:
    """A county's book for its drills."""
    return replace(book, county_id=code, county_name=f"{book.county_name}（演练）")


def books() -> Mapping[str, Book]:
    """Every county's book in force today by its area code; each file is read once."""
    return _in_force(clock.today(clock.now()))


class Filed(Protocol):
    """Something that keeps the book by which it was filed."""

    @property
    def county_id(self) -> str:
        """Whose book."""

    @property
    def book_version(self) -> str:
        """Which version of it."""

    @property
    def submitted_at(self) -> datetime:
        """When."""


def book_behind(filed: Filed) -> Book:
    """The book by which a report was filed and is judged until it is closed, whatever came into force since."""
    return book_for(filed.county_id, filed.book_version, filed.submitted_at)


def book_for(county_id: str, version: str, submitted_at: datetime) -> Book:
    """That version; where its file is gone, the one that was in force on the day. KeyError: no book at all."""
    original = original_of(county_id)
    book = shelf().version(original or county_id, version, clock.today(submitted_at))
    return doubled(book, county_id) if original else book


def kind_named(county_id: str, key: str) -> Kind | None:
    """The kind as the book in force has it, else as any other version had it; None where none ever did."""
    others = (book for book in shelf().all_of(county_id) if key in book.kinds)
    book = books().get(county_id)
    return (book.kinds.get(key) if book else None) or next((one.kinds[key] for one in others), None)


def read_from(folder: str) -> None:
    """Let the books of a folder outrank those that ship; an empty name means only those that ship."""
    wanted = [Path(folder)] if folder else []
    if wanted != _own:
        _own[:] = wanted
        shelf.cache_clear()
        _in_force.cache_clear()


@cache
def shelf() -> Shelf:
    """All versions. A faulty file of the installation's own is left out and told in the log: the last good one holds."""
    shipped = tuple(book for _, book in load_versions(COUNTIES))
    own: list[tuple[str, Book]] = []
    faults: list[str] = []
    for path in book_files(_own[0]) if _own else []:
        try:
            own.append((path.name, load_book(path)))
        except BookError as error:
            faults += error.faults
    quarrelling = quarrels(own, shipped)
    for fault in [*faults, *quarrelling]:
        log.error("rule book left out: %s", fault)
    out = {fault.partition("：")[0] for fault in quarrelling}
    return Shelf(shipped, tuple(book for file, book in own if file not in out))


@lru_cache(maxsize=8)
def _in_force(day: date) -> Mapping[str, Book]:
    return Counties(shelf().on(day))


def book_files(folder: Path) -> list[Path]:
    """The books of a folder; files that begin with _ are only inherited from."""
    return sorted(folder.glob("[!_]*.toml"))


def load_versions(folder: Path) -> list[tuple[str, Book]]:
    """Every book of a folder with its file; BookError collects the faults of all of them."""
    found: list[tuple[str, Book]] = []
    faults: list[str] = []
    for path in book_files(folder):
        try:
            found.append((path.name, load_book(path)))
        except BookError as error:
            faults += error.faults
    faults += quarrels(found)
    if faults:
        raise BookError(list(dict.fromkeys(faults)))
    return found


def load_book(path: Path) -> Book:
    """One book with what it inherits; BookError with every fault found."""
    faults = Faults(path.name, {}, [])
    read = layers(path, faults)
    data: dict[str, Any] = {}
    for file, layer in read:
        lay(data, layer, file, faults.origins)
    if faults.found:
        raise BookError(faults.found)
    book = bind(data, faults)
    check_book(book, faults)
    for file, layer in read:
        check_sources(layer, file, faults.found)
    if faults.found:
        raise BookError(faults.found)
    return book
