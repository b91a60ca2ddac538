"""The choices of the report form: what, who handles it, how fast, whom to call first (pure)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from server.companies.places import Place
from server.companies.standing import stand_of
from server.confidential.bodies import Desk
from server.confidential.messages import readers
from server.policy.calling import Numbers, numbers_for
from server.policy.explain import clause
from server.policy.model import Book, FirstHand, Kind
from server.policy.routing import route

CALL_FIRST = "有危险，请先打电话，再回来提交："


def handler_of(place: Place, book: Book, kind: Kind) -> str:
    """Who takes up a report of this kind here, by name."""
    way = route(book, kind.key)
    if way.first is FirstHand.LEAD and way.lead:
        return book.bodies[way.lead].name
    return place.company_name or place.community_name


def about(place: Place, book: Book, kind: Kind) -> str:
    """Who handles it, how fast, and by which clause, in one breath."""
    times, way = book.classes[kind.time_class], route(book, kind.key)
    others = [book.bodies[key].name for key in way.bodies]
    rule = clause(book.rows[kind.row].source if kind.row is not None else kind.source)
    handler = handler_of(place, book, kind)
    told = "、".join(name for name in dict.fromkeys(others) if name != handler)
    stand = stand_of(place)
    hands = f"（{stand[1]}上门）" if stand and stand[1] != handler == place.community_name else ""
    return (
        f"由{handler}{hands}办理，{times.accept.words}内受理，{times.resolve.words}内答复。"
        f"同时告诉{told or place.bureau_name}。依据：{rule}。"
    )


def calls(keys: Sequence[str], book: Book, numbers: Numbers) -> list[tuple[str, str]]:
    """Whom to call, as (words, number)."""
    return numbers_for(keys, book, numbers)


def tiles(place: Place, book: Book, numbers: Numbers) -> list[dict[str, Any]]:
    """The tiles with their choices, as the form's macro takes them; confidential kinds are not among them."""
    return [
        {
            "key": tile.key,
            "word": tile.label,
            "icon": tile.icon,
            "choices": [_choice(place, book, kind, numbers) for kind in offered(book, tile.key)],
        }
        for tile in book.tiles
        if not tile.quiet and offered(book, tile.key)
    ]


def _choice(place: Place, book: Book, kind: Kind, numbers: Numbers) -> Mapping[str, Any]:
    return {
        "key": kind.key,
        "word": kind.label,
        "about": about(place, book, kind),
        "first": CALL_FIRST if kind.call_first else "",
        "calls": calls(kind.call_first, book, numbers),
    }


def offered(book: Book, tile: str) -> list[Kind]:
    """The kinds under a tile that can be reported here."""
    return [kind for kind in book.kinds_of(tile) if not kind.confidential]


def accusations(book: Book, numbers: Numbers, kept: Mapping[str, Desk]) -> list[Mapping[str, Any]]:
    """The kinds that one body alone may know of and can read here, each with who that is."""
    return [
        {
            "key": kind.key,
            "word": kind.label,
            "about": readers(kept[kind.key].name, keyed=kept[kind.key].kid is not None),
            "calls": calls(kind.call_first, book, numbers),
        }
        for kind in book.kinds.values()
        if kind.key in kept
    ]


def by_phone(
    book: Book, numbers: Numbers, kept: Collection[str] = ()
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The other kinds that one body alone may know of, with the numbers to call instead."""
    return [
        (kind.label, calls(kind.call_first, book, numbers))
        for kind in book.kinds.values()
        if kind.confidential and kind.key not in kept
    ]
