"""Hotline tables that wait for somebody's yes: sealed, looked over, imported chunk by chunk, gone after a day."""

import base64
import json
import zlib
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from server.core import audit
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import NotFound
from server.interop.hotline.columns import Table
from server.interop.hotline.models import HotlineDraft
from server.interop.hotline.reading import Reading, read_file, understand
from server.interop.hotline.taking import Taken, take_in

LASTS = timedelta(days=1)
AFTER = "after"
"""The last line of the table that was taken in; none before the first chunk and after the last."""
ACT = "hotline.import"


def keep_draft(
    county_id: str, person_id: int, data: bytes, *, file_name: str, history: bool, now: datetime
) -> HotlineDraft:
    """Keep a table that can be read, in place of the person's earlier one. Raises Invalid as `read_file`."""
    table = read_file(county_id, data)
    forget_drafts(now, person_id=person_id)
    draft = HotlineDraft(
        county_id=county_id,
        person_id=person_id,
        file_name=file_name[:120],
        history=history,
        table_sealed=vault().seal(_packed(table)),
        done={},
        created_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def forget_drafts(now: datetime, *, person_id: int | None = None) -> int:
    """Drop what nobody imported within a day, and one person's own; how many."""
    stale = or_(HotlineDraft.person_id == person_id, HotlineDraft.created_at < now - LASTS)
    gone = db.session.execute(delete(HotlineDraft).where(stale).returning(HotlineDraft.id)).all()
    return len(gone)


def draft_of(person_id: int, draft_id: int, *, now: datetime) -> HotlineDraft:
    """One's own table. Raises NotFound for anybody else's, or when it is gone."""
    found = db.session.scalar(
        select(HotlineDraft).where(
            HotlineDraft.id == draft_id,
            HotlineDraft.person_id == person_id,
            HotlineDraft.created_at > now - LASTS,
        )
    )
    if found is None:
        raise NotFound("这份表格已过期，请重新上传。")
    return found


def reading_of(draft: HotlineDraft, *, now: datetime) -> Reading:
    """What the table says, by what is known now."""
    return understand(draft.county_id, _open(draft.table_sealed), history=draft.history, now=now)


def import_chunk(draft: HotlineDraft, *, most: int, by: int, now: datetime) -> bool:
    """Take the next `most` in; whether there is more. The county's audit gets one row at the end."""
    reading, after = reading_of(draft, now=now), draft.done.get(AFTER, 0)
    left = [row for row in reading.sheet.rows if row.row > after]
    so_far = taken_of(draft) if after else Taken()
    taken = so_far + take_in(draft.county_id, left[:most], history=draft.history, now=now)
    more = len(left) > most
    draft.done = asdict(taken) | {AFTER: left[most - 1].row if more else 0}
    if not more:
        answer_for(draft.county_id, taken, bad=reading.sheet.bad, history=draft.history, by=by, now=now)
    return more


def left_of(draft: HotlineDraft, reading: Reading) -> int:
    """How many good lines wait."""
    after = draft.done.get(AFTER, 0)
    return sum(row.row > after for row in reading.sheet.rows)


def begun(draft: HotlineDraft) -> bool:
    """Whether some chunks are in and others wait."""
    return bool(draft.done.get(AFTER))


def taken_of(draft: HotlineDraft) -> Taken:
    """What the chunks so far have brought."""
    return Taken(**{name: number for name, number in draft.done.items() if name != AFTER})


def answer_for(
    county_id: str, taken: Taken, *, bad: int, history: bool, by: int | None, now: datetime
) -> None:
    """Write down who imported how much."""
    facts = {name: str(number) for name, number in asdict(taken).items()}
    facts |= {"bad": str(bad), "history": "yes" if history else "no"}
    audit.record(county_id, ACT, person_id=by, about="hotline", facts=facts, now=now)


def _packed(table: Table) -> str:
    packed = zlib.compress(json.dumps([table.heads, table.lines], ensure_ascii=False).encode())
    return base64.b64encode(packed).decode()


def _open(sealed: str) -> Table:
    heads, lines = json.loads(zlib.decompress(base64.b64decode(vault().open(sealed))))
    return Table(tuple(heads), tuple((number, tuple(line)) for number, line in lines))
