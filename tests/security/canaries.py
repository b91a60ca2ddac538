"""A mark in every text of every row, by which a reader of an answer knows whose row it came from."""

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB

from server.core.crypto import vault
from server.core.db import Base
from tests.security.scene import FAR, MARKS, NEAR, OWN

COUNTIES = {"371323": OWN, "370406": FAR}
OPEN, CLOSED = "p", "s"
"""Behind the mark: of what everybody may see of a place, or of nobody else's business."""
SHOWN_TO_ALL = {
    "body.name", "body.phone", "company.name", "company.phone", "estate.name", "spot.name", "building.name",
    "emergency_number.label", "emergency_number.phone", "project.manager_name", "project.manager_phone",
    "project.services",
}  # fmt: skip
"""What a poster's page tells whoever scans it."""
WORDS_OF_OURS = {
    "act", "act_name", "flag", "found", "book_version", "by_kind", "category", "channel", "closed_as", "code", "digest", "hash",
    "id", "key", "kind", "level", "no", "occasion", "of", "outcome", "part", "period", "piece", "prev_hash",
    "public_key", "purpose", "role", "shown", "state", "suggest", "time_class", "trace_id", "verdict", "sha256",
    "ended_as", "what", "sent_sha256", "photo_id", "appid", "about", "county_id", "sort", "status", "result", "policy",
}  # fmt: skip
"""Columns that hold a word, a number or a name of the program's own, never a text of people."""
OURS = {
    "feed_entry.reason",
    "identity_view.reason",
    "hotline_column.field",
    "public_piece.why",
    "place_change.act",
    "campaign.seed",
    "hazard.step",
    "report.hazard_step",
    "report.refer_state",
    "report.source",
    "staff_change.act",
}
CHAINED = {"audit", "audit_seal"}
"""Rows whose hash says what they held; the scene writes marks into them as everybody does."""
LATER = 1_000_000
"""Rows that a test makes have numbers from here."""
LOOSE = ("_hash", "_index", "_sealed")
WHOLE = {"totp_sealed", "table_sealed"}
"""Seals over more than a line of text: a mark in their place could not be read."""


def planted(table):
    """The columns of a table that get a mark."""
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if isinstance(column.type, String) and not (
            column.name in WORDS_OF_OURS or name in OURS or column.name.endswith(LOOSE)
        ):
            yield column


def mark(side, text_of):
    """A mark for one column of one side, as in `QST7s` and `QST7p`."""
    return MARKS[side] + (OPEN if text_of in SHOWN_TO_ALL else CLOSED)


def plant(owner_url, scene):
    """Write a mark into every text of every row of both counties; gives how many columns got one."""
    near = scene.things[NEAR]
    count = 0
    with psycopg.connect(owner_url) as link:
        reports = [
            row[0] for row in link.execute("SELECT id FROM report WHERE estate_id = %s", (near["estate"],))
        ]
        for table in Base.metadata.sorted_tables:
            if "county_id" in table.columns and table.name not in CHAINED:
                for county in COUNTIES:
                    count += _plant(link, table, county, near, reports)
            if "id" in table.columns and table.columns["id"].identity is not None:
                link.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table.name, LATER))
        link.commit()
    return count


def _plant(link, table, county, near, reports):
    side = COUNTIES[county]
    columns = list(planted(table))
    for column in columns:
        values = {
            "county": county,
            "most": column.type.length or 200,
            "estate": near["estate"],
            "of": reports,
        }
        values["text"] = f".{table.name}.{column.name}"
        values["mark"] = mark(side, f"{table.name}.{column.name}")
        values["near"] = mark(NEAR, f"{table.name}.{column.name}")
        link.execute(_statement(table, column), values)
    for column in table.columns:
        if isinstance(column.type, JSONB) and table.name == "report_event":
            kept = Jsonb({"basis": mark(side, "")})
            link.execute(
                "UPDATE report_event SET data = data || %s WHERE county_id = %s AND NOT report_id = ANY(%s)",
                (kept, county, reports),
            )
        if column.name.endswith("_sealed") and column.name not in WHOLE:
            _seal(link, table, column.name, county, side)
    return len(columns)


def _statement(table, column):
    """One column of all rows of a county at once; what belongs to the near estate gets the near mark."""
    nearby = "false"
    if "estate_id" in table.columns:
        nearby = "estate_id = %(estate)s"
    elif "report_id" in table.columns:
        nearby = "report_id = ANY(%(of)s)"
    chosen = f"CASE WHEN {nearby} AND %(estate)s > 0 AND %(of)s::bigint[] IS NOT NULL THEN %(near)s ELSE %(mark)s END"
    text = (
        "UPDATE {} SET {} = left("
        + chosen
        + " || id::text || %(text)s, %(most)s) WHERE county_id = %(county)s"
    )
    return sql.SQL(text).format(sql.Identifier(table.name), sql.Identifier(column.name))


def _seal(link, table, column, county, side):
    """A sealed number or target cannot be counted up; each row of the county gets the mark sealed."""
    text = "UPDATE {} SET {} = %s WHERE county_id = %s AND {} IS NOT NULL"
    names = (sql.Identifier(table.name), sql.Identifier(column), sql.Identifier(column))
    link.execute(sql.SQL(text).format(*names), (vault().seal(mark(side, "")), county))
