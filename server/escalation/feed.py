"""Writing the feed: entries open once an occasion, close when settled, and the county's version moves along."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from server.accounts.roles import Actor, Role
from server.accounts.terms import RUNNING
from server.core.db import db
from server.core.errors import Forbidden, NotFound
from server.core.text import taken
from server.escalation.models import FeedEntry
from server.escalation.rules import OVERRUNS, RETURNING, Entry, Reason
from server.notices.desks import RECEIVING

NOTE_MOST = 200
BUMP = """
INSERT INTO feed_version AS v (county_id, version) SELECT DISTINCT county_id, 1 FROM fresh ORDER BY 1
ON CONFLICT (county_id) DO UPDATE SET version = v.version + 1
RETURNING county_id
"""
HELD = f"told AS ({BUMP}), held AS (SELECT array_agg(county_id) AS counties FROM told)"  # noqa: S608 - ours
# What stands there already is left out first: a conflict would lock its row, and all reports would queue there.
# The county's version moves before the numbers are drawn: whoever opens entries holds its row until he commits, so
# that numbers follow one another as the commits do, and who reads on from the last number misses none (ADR 0012).
OPEN = f"""
WITH fresh AS MATERIALIZED (
  SELECT d.* FROM jsonb_to_recordset(%(rows)s::jsonb) AS d(county_id text, reason text, level text, occasion text,
                                                           report bigint, person bigint, detail text, rank int)
  WHERE NOT EXISTS (
    SELECT 1 FROM feed_entry k WHERE k.county_id = d.county_id AND k.occasion = d.occasion
    AND (k.closed_at IS NULL OR k.closed_by IS NOT NULL OR k.reason <> ALL(%(returning)s))
  )
), {HELD}, changed AS (
  INSERT INTO feed_entry AS f (county_id, reason, level, occasion, report_id, estate_id, community_id, township_id,
                               kind, person_id, detail, opened_at)
  SELECT d.county_id, d.reason, d.level, d.occasion, d.report, r.estate_id, r.community_id, r.township_id,
         r.kind, d.person, d.detail, %(now)s
  FROM held JOIN fresh d ON d.county_id = ANY(held.counties)
  LEFT JOIN report r ON r.id = d.report
  ORDER BY d.rank
  ON CONFLICT (county_id, occasion) DO UPDATE
    SET id = DEFAULT, closed_at = NULL, opened_at = excluded.opened_at, detail = excluded.detail
    WHERE f.closed_at IS NOT NULL AND f.closed_by IS NULL AND f.reason = ANY(%(returning)s)
  RETURNING id, occasion
)
SELECT occasion, id FROM changed
"""  # noqa: S608 - the fragment is ours
SHUT = f"""
{HELD}, shut AS (
  UPDATE feed_entry f SET closed_at = %(now)s FROM held, fresh
  WHERE f.id = fresh.id AND fresh.county_id = ANY(held.counties) AND fresh.shuts AND f.closed_at IS NULL
  RETURNING f.id
)
SELECT (SELECT count(*) FROM shut)
"""  # noqa: S608 - the fragment is ours
OVERTAKEN = f"""
{SHUT.rstrip()}, (
  SELECT COALESCE(bool_or(opened_at > %(now)s), false) FROM fresh WHERE shuts AND reason = ANY(%(clocks)s)
)
"""  # noqa: S608 - the fragment is ours
SETTLE = f"""
WITH fresh AS MATERIALIZED (
  SELECT id, county_id, opened_at, reason, closed_at IS NULL AND reason = ANY(%(reasons)s) AS shuts
  FROM feed_entry WHERE report_id = %(report)s
), {OVERTAKEN}
"""  # noqa: S608 - the fragment is ours
SETTLE_PARTS = f"""
WITH fresh AS MATERIALIZED (
  SELECT id, county_id, opened_at, reason, true AS shuts FROM feed_entry
  WHERE report_id = %(report)s AND closed_at IS NULL AND reason = ANY(%(reasons)s)
    AND split_part(occasion, ':', 3) = ANY(%(parts)s)
), {OVERTAKEN}
"""  # noqa: S608 - the fragment is ours
CLEAR = f"""
WITH fresh AS MATERIALIZED (
  SELECT f.id, f.county_id, true AS shuts FROM feed_entry f
  WHERE f.closed_at IS NULL AND f.reason IN ('undelivered', 'vacant') AND CASE
    WHEN f.reason = 'vacant' THEN EXISTS (
      SELECT 1 FROM post o JOIN holding h ON h.post_id = o.id AND {RUNNING}
      WHERE o.body_id = split_part(f.occasion, ':', 3)::bigint AND o.role = ANY(%(receiving)s))
    WHEN f.report_id IS NULL THEN EXISTS (SELECT 1 FROM address a WHERE a.person_id = f.person_id AND a.ended_at IS NULL)
      OR NOT EXISTS (SELECT 1 FROM holding h WHERE h.person_id = f.person_id AND {RUNNING})
    ELSE EXISTS (SELECT 1 FROM push p WHERE p.report_id = f.report_id AND p.person_id = f.person_id
                 AND p.state = 'sent' AND p.done_at >= f.opened_at)
    END
), {SHUT}
"""  # noqa: S608 - the fragment is ours
GONE = f"""
WITH fresh AS MATERIALIZED (
  SELECT id, county_id, true AS shuts FROM feed_entry
  WHERE county_id = %(county)s AND closed_at IS NULL AND reason = %(reason)s AND occasion <> ALL(%(still)s)
), {SHUT}
"""  # noqa: S608 - the fragment is ours


def open_entries(entries: Iterable[Entry], *, now: datetime) -> dict[str, int]:
    """Open entries in one statement; gives those that are new, occasion → number."""
    rows = {
        (one.county_id, one.occasion): {
            "county_id": one.county_id,
            "reason": one.reason,
            "level": one.level,
            "occasion": one.occasion,
            "report": one.report_id,
            "person": one.person_id,
            "detail": one.detail,
            "rank": rank,
        }
        for rank, one in enumerate(entries)
    }
    if not rows:
        return {}
    given = {"now": now, "rows": json.dumps(list(rows.values())), "returning": list(RETURNING)}
    return {row.occasion: row.id for row in db.session.connection().exec_driver_sql(OPEN, given)}


def settle(report_id: int, reasons: Collection[Reason], *, now: datetime) -> bool:
    """Close a report's entries for these reasons; its county's version moves where it stands on the feed.

    Whether a clock opened one of them at a later instant than `now`: then it was too late for what settles it.
    """
    given = {"report": report_id, "reasons": list(reasons), "clocks": list(OVERRUNS), "now": now}
    _, overtaken = db.session.connection().exec_driver_sql(SETTLE, given).one()
    return bool(overtaken)


def settle_parts(
    report_id: int, parts: Collection[int], reasons: Collection[Reason], *, now: datetime
) -> bool:
    """Close a report's entries about some called bodies for these reasons; as `settle`."""
    given = {
        "report": report_id,
        "parts": [str(part) for part in parts],
        "reasons": list(reasons),
        "clocks": list(OVERRUNS),
        "now": now,
    }
    _, overtaken = db.session.connection().exec_driver_sql(SETTLE_PARTS, given).one()
    return bool(overtaken)


def clear_mended(*, now: datetime) -> int:
    """Close faults that are gone: a post is held again, a channel bound, a push got through after all."""
    given = {"now": now, "receiving": list(RECEIVING)}
    return int(db.session.connection().exec_driver_sql(CLEAR, given).scalar_one())


def close_others(county_id: str, reason: Reason, still: Collection[str], *, now: datetime) -> int:
    """Close a county's alarms of a reason, but for the occasions that still hold."""
    given = {"county": county_id, "reason": reason, "still": list(still), "now": now}
    return int(db.session.connection().exec_driver_sql(GONE, given).scalar_one())


def close_entry(entry_id: int, *, by: Actor, note: str, now: datetime) -> FeedEntry:
    """The bureau closes an entry by hand, with a note; closing it again changes nothing.

    Raises NotFound for another county's entry, Forbidden below the bureau, Invalid for a note that cannot be kept.
    """
    words = taken(note, field="note", most=NOTE_MOST)
    query = select(FeedEntry).where(FeedEntry.id == entry_id, FeedEntry.county_id == by.county_id)
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound("没有找到这条提醒。")
    if Role.BUREAU not in by.roles:
        raise Forbidden("只有主管部门可以关闭提醒。")
    if entry.closed_at is None:
        bump(entry.county_id)
        db.session.refresh(entry, with_for_update=True)
    if entry.closed_at is None:
        entry.closed_at, entry.closed_by, entry.note = now, by.person_id, words
    return entry


def bump(county_id: str) -> None:
    """Move a county's feed version, so that pages that poll fetch anew."""
    statement = f"WITH fresh AS (SELECT %(county)s::text AS county_id) {BUMP}"
    db.session.connection().exec_driver_sql(statement, {"county": county_id})
