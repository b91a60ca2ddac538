"""The compartment of a county: a county code that no county has, under which row-level security shuts everything confidential away.

A request that works in 371323 has 371323 open; the rows of its compartment are hidden from it by PostgreSQL itself
until `inside` opens the compartment for one block. Staff of a confidential body belong to the compartment, so
that nobody who looks after a county's people, places or reports can list, change or invite them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import InFailedSqlTransaction

from server.core import apart, wire
from server.core.counties import TELL, remember, seen

PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82,
)  # fmt: skip
"""The first two digits of every area code of GB/T 2260."""
APART = tuple(number for number in range(99, 0, -1) if number not in PROVINCES)[: len(PROVINCES)]
"""Two digits that no area code begins with, one for each of theirs."""


def compartment_of(county_id: str) -> str:
    """The compartment of a county: six digits that are no area code, another for every county."""
    return f"{APART[PROVINCES.index(int(county_id[:2]))]:02}{county_id[2:]}"


def county_of(compartment: str) -> str:
    """The county that a compartment belongs to. Raises ValueError for what is no compartment."""
    return f"{PROVINCES[APART.index(int(compartment[:2]))]:02}{compartment[2:]}"


@contextmanager
def inside(*county_ids: str) -> Iterator[None]:
    """Within the block the counties' compartments are open and nothing else; after it all is as before.

    Logs say nothing of what goes on inside but that it was slow or failed.
    """
    before = seen()
    with apart.block():
        _open(",".join(compartment_of(one) for one in county_ids))
        try:
            yield
        finally:
            _restore(before)


def _open(counties: str) -> None:
    wire.run(TELL, {"counties": counties})
    remember(counties)


def _restore(before: str) -> None:
    remember(before)
    try:
        wire.run(TELL, {"counties": before})
    except InFailedSqlTransaction:  # a rollback comes, and takes the opening with it
        return
