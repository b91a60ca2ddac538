"""From a kind to everybody who has to know of it (pure)."""

from dataclasses import dataclass

from server.policy.model import Book, FirstHand, Kind


@dataclass(frozen=True)
class Route:
    """Where a report goes. Body keys only; the estate's own manager and township are known to the caller.

    `joint` are the matrix bodies without the lead, in the plan's order; `safety` are told at once, also at night;
    with `confidential` set, that body alone gets the report and nobody else is named.
    """

    first: FirstHand
    lead: str | None = None
    joint: tuple[str, ...] = ()
    township: bool = False
    township_part: str = ""
    safety: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    confidential: str | None = None

    @property
    def bodies(self) -> tuple[str, ...]:
        """Every body told on submission, each once, the lead first."""
        if self.confidential:
            return (self.confidential,)
        lead = (self.lead,) if self.lead else ()
        return tuple(dict.fromkeys((*lead, *self.joint, *self.safety, *self.informed)))


def route(book: Book, kind_key: str) -> Route:
    """Who gets a report of this kind (沂水 二, A3, A5, A13); KeyError for a kind the book does not have."""
    kind = book.kinds[kind_key]
    if kind.confidential:
        return Route(first=FirstHand.CONFIDENTIAL, confidential=_named(book, kind)[0])
    lead, *joint = _named(book, kind) or (None,)
    row = book.rows[kind.row] if kind.row is not None else None
    return Route(
        first=kind.first,
        lead=lead,
        joint=tuple(body for body in joint if body),
        township=row.township if row else False,
        township_part=row.township_part if row else "",
        safety=kind.safety,
        informed=(book.bureau,),
    )


def _named(book: Book, kind: Kind) -> tuple[str, ...]:
    """The bodies that the book names: the row's, or the utility where the kind has no row."""
    if kind.row is not None:
        return book.rows[kind.row].bodies
    return (kind.utility,) if kind.utility else ()
