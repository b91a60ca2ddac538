"""What the last release knows of the schema; the next one must leave all of it in place, for both run side by side."""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import psycopg

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "migrations" / "released.txt"
CONTRACTED: dict[str, str] = {}
"""`table.column`, or a function: what the last release has ceased to use, and since when; only this may go."""
COLUMNS = """
SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
       a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relname NOT LIKE 'procrastinate%%' AND c.relname <> 'alembic_version'
"""
FUNCTIONS = """
SELECT p.oid::regprocedure::text, pg_get_function_result(p.oid), false FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.proname NOT LIKE 'procrastinate%%' AND p.prokind = 'f'
"""


class Thing(NamedTuple):
    """A column with its type, and whether every insert must name it; or a function with its result."""

    name: str
    kind: str
    required: bool


def present(url) -> dict[str, Thing]:
    """What a database has."""
    with psycopg.connect(url) as link:
        rows = [*link.execute(COLUMNS), *link.execute(FUNCTIONS)]
    return {row[0]: Thing(*row) for row in sorted(rows)}


def released() -> dict[str, Thing]:
    """What the last release has, as written down when it was made."""
    rows = [line.split("\t") for line in KEPT.read_text().splitlines()]
    return {name: Thing(name, kind, bool(required)) for name, kind, required in rows}


def breaks(before: Mapping[str, Thing], after: Mapping[str, Thing], gone: Iterable[str] = ()) -> list[str]:
    """What the processes of the last release would stumble over."""
    tables = {name.partition(".")[0] for name in before}
    found = []
    for name, old in before.items():
        new = after.get(name)
        if new is None and name not in gone:
            found.append(f"{name} is gone, and the last release reads it")
        elif new and new.kind != old.kind and not wider(old.kind, new.kind):
            found.append(f"{name} has become {new.kind}")
        elif new and new.required and not old.required:
            found.append(f"{name} may no longer be left out")
    for name, new in after.items():
        if new.required and name not in before and name.partition(".")[0] in tables:
            found.append(f"{name} must be named, and the last release does not know it")
    return found


def wider(old, new) -> bool:
    """Whether a text has only been given more room."""
    sizes = [re.fullmatch(r"character varying\((\d+)\)", kind) for kind in (old, new)]
    return all(sizes) and int(sizes[0][1]) <= int(sizes[1][1])


def main():
    """Write down the schema of a database that is migrated to the release: give its owner's address."""
    things = present(sys.argv[1]).values()
    KEPT.write_text(
        "".join(f"{one.name}\t{one.kind}\t{'required' if one.required else ''}\n" for one in things)
    )


if __name__ == "__main__":
    main()
