"""All versions of all counties' books, and which of them holds on a day (pure)."""

from dataclasses import dataclass
from datetime import date

from server.policy.model import Book


@dataclass(frozen=True)
class Shelf:
    """The books that ship and those of this installation; from its day on a county's own outranks the shipped."""

    shipped: tuple[Book, ...]
    own: tuple[Book, ...] = ()

    def on(self, day: date) -> dict[str, Book]:
        """The book in force of each county, by area code."""
        found: dict[str, Book] = {}
        for books in (self.shipped, self.own):
            for book in sorted(books, key=lambda one: one.in_force_from):
                if book.in_force_from <= day:
                    found[book.county_id] = book
        return dict(sorted(found.items()))

    def all_of(self, county_id: str) -> list[Book]:
        """Every version of one county's book, its own before the shipped."""
        return [book for book in (*self.own, *self.shipped) if book.county_id == county_id]

    def version(self, county_id: str, version: str, day: date) -> Book:
        """The very version that a report was filed under; where it is gone, the one that was in force that day.

        KeyError for a county that has no book.
        """
        for book in self.all_of(county_id):
            if book.version == version:
                return book
        return self.on(day).get(county_id) or self.on(date.max)[county_id]


def quarrels(books: list[tuple[str, Book]], shipped: tuple[Book, ...] = ()) -> list[str]:
    """Faults between the books of one folder, each with its file: one day twice, letters changed or another's."""
    found: list[str] = []
    days: dict[tuple[str, date], str] = {}
    letters = {book.county_id: book.letters for book in shipped}
    for file, book in books:
        other = days.setdefault((book.county_id, book.in_force_from), file)
        if other != file:
            found.append(
                f"{file}：county.id 和另一本规则书重复（{other}），现在是 “{book.county_id}”；"
                "同一个县的不同版本要写不同的 from（从哪天起执行）。"
            )
        usual = letters.setdefault(book.county_id, book.letters)
        if usual != book.letters:
            found.append(f"{file}：county.letters 应为 “{usual}”，同一个县的报告编号字母不能变。")
        if any(used == book.letters and county != book.county_id for county, used in letters.items()):
            found.append(
                f"{file}：county.letters “{book.letters}” 别的县已经用了，报告编号会混，应另选字母。"
            )
    return found
