"""What the database's planner is told before a statement over whole tables."""

from server.core import wire

UNKNOWN = """
SELECT EXISTS (
  SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s) AND reltuples < 0
)
"""
BY_HASH = "SET LOCAL enable_nestloop = off"


def hash_while_unknown(*tables: str) -> bool:
    """For the rest of this transaction join by hash, if the server has not yet counted one of these tables; whether so.

    After a restore, or where it falls again and again before it could count, it takes ten thousand rows for
    a dozen and compares each with each: 88 seconds instead of 0.4 for 13,000 reports. Once counted, it chooses well.
    """
    unknown = bool(wire.rows(UNKNOWN, {"tables": list(tables)})[0][0])
    if unknown:
        by_hash()
    return unknown


def by_hash() -> None:
    """For the rest of this transaction join by hash, whatever the server reckons with."""
    wire.run(BY_HASH, {})
