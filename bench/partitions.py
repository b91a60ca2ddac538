"""`python -m bench.partitions`: what reading and writing reports costs when their table is cut up by county."""

import argparse
import json
import sys
import time
from collections.abc import Callable

import psycopg

from bench.ground import VAR
from server.core import embedded

DATABASE = "partitions"
COUNTIES, TIMES = 3000, 400
COLUMNS = """county_id char(6) NOT NULL, id bigint NOT NULL, no text NOT NULL, state text NOT NULL,
  due_at timestamptz NOT NULL, words text NOT NULL"""
FILL = f"""
INSERT INTO cut SELECT lpad((g %% {COUNTIES})::text, 6, '0'), g, 'YS' || lpad(g::text, 12, '0'),
  CASE WHEN g %% 10 = 0 THEN 'open' ELSE 'closed' END, now() - g * interval '1 second', repeat('x', 400)
FROM generate_series(1, %s) g
"""
INDEXES = (
    "CREATE UNIQUE INDEX ON cut (county_id, id)",
    "CREATE UNIQUE INDEX ON cut (county_id, no)",
    "CREATE INDEX ON cut (county_id, due_at, id) WHERE state = 'open'",
)
PAGE = (
    """SELECT id, no, due_at FROM cut WHERE county_id = %s AND state = 'open' ORDER BY due_at, id LIMIT 20"""
)
BY_NO, BY_COUNTY_AND_NO = (
    "SELECT id, words FROM cut WHERE no = %s",
    "SELECT id, words FROM cut WHERE county_id = %s AND no = %s",
)
ADD = "INSERT INTO cut VALUES (%s, %s, %s, 'open', now(), repeat('x', 400))"


def cut(link: psycopg.Connection, pieces: int, rows: int) -> float:
    """The table in so many pieces (0: whole), by hash of the county; seconds to fill it."""
    link.execute("DROP TABLE IF EXISTS cut")
    link.execute(f"CREATE TABLE cut ({COLUMNS})" + (" PARTITION BY HASH (county_id)" if pieces else ""))
    for piece in range(pieces):
        values = f"WITH (MODULUS {pieces}, REMAINDER {piece})"
        link.execute(f"CREATE TABLE cut_{piece} PARTITION OF cut FOR VALUES {values}")
    for index in (*INDEXES, *(() if pieces else ("CREATE UNIQUE INDEX ON cut (no)",))):
        link.execute(index)
    if pieces:
        link.execute("CREATE INDEX ON cut (no)")
    began = time.monotonic()
    link.execute(FILL, (rows,))
    took = time.monotonic() - began
    link.execute("VACUUM ANALYZE cut")
    return took


def spread(act: Callable[[int], object]) -> dict[str, float]:
    """Milliseconds of one act: the least and the middle of many, after a few that warm up."""
    for number in range(8):
        act(number)
    seen = []
    for number in range(TIMES):
        began = time.perf_counter()
        act(1000 + number * 7)
        seen.append((time.perf_counter() - began) * 1000)
    seen.sort()
    return {"least": round(seen[0], 3), "middle": round(seen[TIMES // 2], 3)}


def measure(link: psycopg.Connection, pieces: int, rows: int) -> dict[str, object]:
    """All statements on one cut."""
    took = cut(link, pieces, rows)

    def county(number: int) -> str:
        return f"{number % COUNTIES:06}"

    return {
        "pieces": pieces,
        "rows": rows,
        "fill_seconds": round(took, 1),
        "open_page_of_a_county_ms": spread(lambda n: link.execute(PAGE, (county(n),)).fetchall()),
        "by_county_and_number_ms": spread(
            lambda n: link.execute(BY_COUNTY_AND_NO, (county(n), f"YS{n:012}")).fetchall()
        ),
        "by_number_alone_ms": spread(lambda n: link.execute(BY_NO, (f"YS{n:012}",)).fetchall()),
        "insert_ms": spread(lambda n: link.execute(ADD, (county(n), rows + n + 1, f"YS{rows + n + 1:012}"))),
    }


def main() -> int:
    """Print one JSON object for each number of pieces."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=300_000)
    asked.add_argument("--pieces", type=int, nargs="*", default=[0, 16, 64, 256, 1024])
    given = asked.parse_args()
    server = embedded.start(VAR / "postgres")
    embedded.drop(server, DATABASE)
    owner, _ = embedded.prepare(server, DATABASE)
    with psycopg.connect(owner, autocommit=True) as link:
        link.execute("SET synchronous_commit = off")
        for pieces in given.pieces:
            print(json.dumps(measure(link, pieces, given.rows)), flush=True)
    embedded.drop(server, DATABASE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
