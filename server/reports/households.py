"""How many households met the same trouble: counted by doors where they are known, else by persons (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.core.cells import Hidden, Shown, few, line


@dataclass(frozen=True)
class Met:
    """Somebody who met the trouble, known by marks that go nowhere: devices, identities, a door."""

    marks: frozenset[str]
    """Two with a mark in common are one household; without any he is one for himself."""
    answer: str | None = None


@dataclass(frozen=True)
class Standing:
    """Neighbours beside the reporter's own household, and what they say of the resolution."""

    households: int = 0
    solved: int = 0
    not_solved: int = 0

    @property
    def silent(self) -> int:
        """Households that have not said anything yet."""
        return self.households - self.solved - self.not_solved


@dataclass(frozen=True)
class ShownStanding:
    """The same as one reader may see it."""

    households: Shown
    solved: Shown
    not_solved: Shown


SOLVED, NOT_SOLVED = "solved", "not_solved"
ANSWERS = (SOLVED, NOT_SOLVED)


def standing(joined: Iterable[Met], reporter: frozenset[str]) -> Standing:
    """The households among those who joined, the reporter's own left out.

    One that says both counts as not solved: whoever still has the trouble has it.
    """
    found = [group for group in grouped(list(joined)) if not group.marks & reporter]
    unhappy = sum(group.answer == NOT_SOLVED for group in found)
    return Standing(len(found), sum(group.answer == SOLVED for group in found), unhappy)


def grouped(rows: Sequence[Met]) -> list[Met]:
    """Whoever shares a mark, directly or over others, taken together; the order does not matter."""
    groups: list[Met] = []
    for row in rows:
        touching = [group for group in groups if group.marks & row.marks]
        together = [*touching, row]
        groups = [group for group in groups if group not in touching]
        groups.append(Met(frozenset().union(*(one.marks for one in together)), _answer(together)))
    return groups


def _answer(together: Iterable[Met]) -> str | None:
    said = {one.answer for one in together}
    return NOT_SOLVED if NOT_SOLVED in said else SOLVED if SOLVED in said else None


def shown(found: Standing, *, exact: bool) -> ShownStanding:
    """As its reader may see it: exact for the offices and the reporter, small cells hidden from all others."""
    if exact:
        return ShownStanding(found.households, found.solved, found.not_solved)
    cells = line({SOLVED: found.solved, NOT_SOLVED: found.not_solved, "silent": found.silent})
    total = Hidden.FEW if few(found.households) else found.households
    return ShownStanding(total, cells.cells[SOLVED], cells.cells[NOT_SOLVED])


def count_words(found: ShownStanding) -> str:
    """`3 户邻居也遇到`; empty where nobody did."""
    return f"{_number(found.households)}户邻居也遇到" if found.households else ""


def answer_words(found: ShownStanding) -> str:
    """`2 户说已解决，1 户说没解决`; empty before anybody said something."""
    parts = ((found.solved, "说已解决"), (found.not_solved, "说没解决"))
    return "，".join(f"{_number(count)}户{said}" for count, said in parts if count)


def _number(count: Shown) -> str:
    return "几" if count is Hidden.OUT else f"{count} "
