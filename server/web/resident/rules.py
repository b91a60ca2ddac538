"""`/e/<code>/rules`: for every kind of problem, who must act, by when, who stands above, by which clause."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from server.companies.places import Place, place_by_code
from server.core.entry import PUBLIC, entry
from server.policy.explain import Explanation, Names, clause, explain
from server.policy.loader import books
from server.policy.model import Book

blueprint = Blueprint("resident_rules", __name__)


@dataclass(frozen=True)
class Group:
    """A tile with the rules of its kinds."""

    label: str
    icon: str
    rules: list[Explanation]


@blueprint.get("/e/<code>/rules")
@entry(PUBLIC)
def rules(code: str) -> str:
    """Every kind that can be reported here, with its rule; the plan's own lists below."""
    place = place_by_code(code)
    book = books()[place.county_id]
    return render_template(
        "resident/rules.html",
        place=place,
        book=book,
        groups=groups(book, names_at(place)),
        whistle=clause(book.whistle.source),
        called="、".join(book.bodies[key].name for key in book.whistle.bodies),
        lists=[(one.label, "、".join(one.items), clause(one.source)) for one in book.lists.values()],
    )


def names_at(place: Place) -> Names:
    """What the bodies on the ground are called at an estate."""
    manager = place.company_name or place.community_name
    return Names(manager=manager, community=place.community_name, township=place.township_name)


def groups(book: Book, names: Names) -> list[Group]:
    """The tiles in the book's order, each with its rules; confidential kinds are not among them."""
    found = []
    for tile in book.tiles:
        open_kinds = [kind.key for kind in book.kinds_of(tile.key) if not kind.confidential]
        if open_kinds and not tile.quiet:
            found.append(Group(tile.label, tile.icon, [explain(book, key, names) for key in open_kinds]))
    return found
