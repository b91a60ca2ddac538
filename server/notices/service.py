"""Writing inbox rows and pushes with their jobs, in the transaction of what they tell about."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from server.core import jobs, wire
from server.core.db import NATIONAL, db
from server.notices.desks import Delivery, Reach
from server.notices.jobs import push as push_job
from server.notices.models import Address, Consent, InboxRead, Push

NONE = "none"
"""The channel of somebody who has bound none: written down as dead, so that the feed can say so."""
SUBSCRIBE = frozenset({"mini_subscribe", "mp_subscribe"})


WOKEN = "jsonb_build_object('push_ids', jsonb_agg(id), 'county_id', %(county_id)s::text)"
"""What the job that wakes new pushes carries."""


def writing(*, report: str, occasion: str, gate: str = "") -> str:
    """The WITH queries `boxes`, `written` and `job`: inbox rows, pushes, and one job that wakes them all.

    `report` and `occasion` are SQL, `gate` may join what they name; parameters are those of `given`.
    """
    return f"""
boxes AS (
  INSERT INTO inbox (county_id, post_id, body_id, report_id, part, created_at)
  SELECT %(county_id)s, d.post, d.body, {report}, d.part, %(now)s
  FROM jsonb_to_recordset(%(inbox)s::jsonb) AS d(post bigint, body bigint, part text) {gate}
  ON CONFLICT (report_id, post_id) DO UPDATE SET part = excluded.part
), written AS (
  INSERT INTO push (county_id, report_id, purpose, occasion, post_id, person_id, resident_id, address_id,
                    channel, urgent, state, last_code, created_at, next_at, done_at)
  SELECT %(county_id)s, {report}, %(purpose)s, {occasion}, d.post, d.person, d.resident, d.address, d.channel,
         %(urgent)s, CASE WHEN d.address IS NULL THEN 'dead' ELSE 'pending' END,
         CASE WHEN d.address IS NULL THEN 'no_address' END, %(now)s, %(next)s,
         CASE WHEN d.address IS NULL THEN %(now)s END
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS d(post bigint, person bigint, resident bigint, address bigint, channel text) {gate}
  RETURNING id, state
), job AS (
  SELECT {jobs.deferring_one(push_job, WOKEN)}
  FROM written WHERE state = 'pending' HAVING count(*) > 0
)"""  # noqa: S608 - the fragments are ours


WRITE = f"WITH {writing(report='%(report)s::bigint', occasion='%(occasion)s')} SELECT count(*) FROM job"  # noqa: S608 - as above

Inbox = Mapping[int, tuple[int, str]]
"""post → (body, part)."""


def put_on_desks(county_id: str, report_id: int, delivery: Delivery, *, now: datetime) -> None:
    """The delivery's inbox rows alone."""
    terms = given(county_id, (), purpose="", urgent=False, now=now, inbox=delivery.inbox)
    wire.run(WRITE, terms | {"report": report_id, "occasion": ""})


def given(
    county_id: str,
    reaches: Iterable[Reach],
    *,
    purpose: str,
    urgent: bool,
    now: datetime,
    not_before: datetime | None = None,
    resident_id: int | None = None,
    inbox: Inbox | None = None,
) -> dict[str, Any]:
    """The parameters of `writing`, to be folded into another statement."""
    at = max(now, not_before) if not_before else now
    rows = [
        {
            "post": reach.post_id,
            "person": reach.person_id,
            "resident": resident_id,
            "address": reach.address_id,
            "channel": reach.channel,
        }
        for reach in reaches
    ]
    terms = {
        "county_id": county_id,
        "purpose": purpose,
        "urgent": urgent,
        "now": now,
        "next": at,
        "rows": json.dumps(rows),
        "inbox": _boxes(inbox or {}),
    }
    job = jobs.when(at if at > now else None)
    # What belongs to no county is confidential: no job of it may lead back to a request.
    return terms | job | ({"traced": "{}"} if county_id == NATIONAL else {})


def _boxes(inbox: Inbox) -> str:
    rows = [{"post": post, "body": body, "part": part} for post, (body, part) in inbox.items()]
    return json.dumps(rows)


def write_pushes(
    county_id: str,
    reaches: Iterable[Reach],
    *,
    report_id: int | None,
    purpose: str,
    occasion: str,
    urgent: bool,
    now: datetime,
    not_before: datetime | None = None,
    resident_id: int | None = None,
    inbox: Inbox | None = None,
) -> None:
    """Inbox rows, a push row for each address and a job that wakes them, all in one statement.

    Whoever has no address gets a dead row, so that the feed can say so.
    """
    to = list(reaches)
    if not to and not inbox:
        return
    terms = given(
        county_id,
        to,
        purpose=purpose,
        urgent=urgent,
        now=now,
        not_before=not_before,
        resident_id=resident_id,
        inbox=inbox,
    )
    wire.run(WRITE, terms | {"report": report_id, "occasion": occasion})


def tell_resident(
    county_id: str,
    resident_id: int,
    *,
    report_id: int,
    purpose: str,
    occasion: str,
    urgent: bool = False,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """A push to a resident where he has agreed to one more; without consent there is none, the page tells.

    `urgent` is what the book's quiet hours spare.
    """
    address = db.session.execute(
        select(Address.id, Address.channel, Consent.left)
        .outerjoin(Consent, (Consent.address_id == Address.id) & (Consent.purpose == "progress"))
        .where(Address.resident_id == resident_id, Address.ended_at.is_(None))
        .order_by(Address.rank, Address.id)
    ).all()
    usable = [row for row in address if row.channel not in SUBSCRIBE or (row.left or 0) > 0]
    if usable:
        write_pushes(
            county_id,
            [Reach(None, None, usable[0].id, usable[0].channel)],
            report_id=report_id,
            purpose=purpose,
            occasion=occasion,
            urgent=urgent,
            now=now,
            not_before=not_before,
            resident_id=resident_id,
        )


def cancel_for_posts(post_ids: Iterable[int], person_id: int, *, now: datetime) -> None:
    """Unsent pushes to somebody who left are not sent any more."""
    db.session.execute(
        update(Push)
        .where(Push.person_id == person_id, Push.post_id.in_(list(post_ids)), Push.state == "pending")
        .values(state="cancelled", done_at=now)
    )


def cancel_for_person(person_id: int, *, now: datetime) -> None:
    """Nothing at all is sent any more to somebody who left."""
    db.session.execute(
        update(Push)
        .where(Push.person_id == person_id, Push.state == "pending")
        .values(state="cancelled", done_at=now)
    )


def mark_read(county_id: str, report_id: int, person_id: int, *, now: datetime) -> None:
    """Remember that a person has opened a report; the first time counts."""
    row = {"county_id": county_id, "report_id": report_id, "person_id": person_id, "read_at": now}
    db.session.execute(insert(InboxRead).values(row).on_conflict_do_nothing())
