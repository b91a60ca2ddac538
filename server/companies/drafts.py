"""Tables that wait for somebody's yes: looked over first, imported then, and gone afterwards."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from server.companies.imports import Imported, read_table, save_rows
from server.core.db import db
from server.core.errors import NotFound
from server.estates.models import ImportDraft
from server.estates.sheet import Sheet

LASTS = timedelta(days=1)


def keep_draft(
    county_id: str, person_id: int, data: bytes, *, file_name: str, township: str, now: datetime
) -> ImportDraft:
    """Keep a table that can be read, in place of the person's earlier one. Raises Invalid as `read_table`."""
    read_table(data, township=township)
    stale = or_(ImportDraft.person_id == person_id, ImportDraft.created_at < now - LASTS)
    db.session.execute(delete(ImportDraft).where(stale))
    draft = ImportDraft(
        county_id=county_id,
        person_id=person_id,
        file_name=file_name[:120],
        township=township,
        data=data,
        created_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def draft_of(person_id: int, draft_id: int, *, now: datetime) -> ImportDraft:
    """One's own table. Raises NotFound for anybody else's, or when it is gone."""
    found = db.session.scalar(
        select(ImportDraft).where(
            ImportDraft.id == draft_id,
            ImportDraft.person_id == person_id,
            ImportDraft.created_at > now - LASTS,
        )
    )
    if found is None:
        raise NotFound("这份表格已经导入过或已过期，请重新上传。")
    return found


def sheet_of(draft: ImportDraft) -> Sheet:
    """What the table says."""
    return read_table(draft.data, township=draft.township)


def import_draft(draft: ImportDraft, *, by: int, now: datetime) -> Imported:
    """Save the rows that are right; the table itself is not kept."""
    result = save_rows(draft.county_id, sheet_of(draft).rows, by=by, now=now)
    db.session.delete(draft)
    return result
