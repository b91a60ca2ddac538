"""The facts about the system as the database and this machine have them, of whatever counties are open."""

import re
import socket
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from server.core import wire
from server.core.audit import Audit
from server.core.backups import last_backup
from server.core.db import NATIONAL, db
from server.core.hosts import ahead
from server.core.owner import locks_hold
from server.notices.addresses import CHANNEL_NAMES
from server.seeing import queries
from server.seeing.known import Checked, Facts
from server.seeing.room import room_of
from server.seeing.rules import CLOCKS_APART, DEAD_WITHIN, NOBODY
from server.settings import Settings
from server.upkeep.models import CheckRun, DrillRun

TIMEOUT = "SET LOCAL statement_timeout = '4s'"
"""Looking must not make a sick database sicker."""
ROTATED = (Audit.county_id == NATIONAL, Audit.act == "key.rotate")


def host() -> str:
    """This machine's name, plain and short."""
    return re.sub(r"[^0-9A-Za-z.-]", "-", socket.gethostname())[:60]


def gather(settings: Settings, *, now: datetime) -> Facts:
    """Everything that lights and alarms are made of, in the session's transaction."""
    wire.run(TIMEOUT, {})
    waiting, backup, room = queries.waiting(now), last_backup(), room_of(settings.photo_url)
    drill = _drill()
    return Facts(
        now=now,
        waiting=sum(one.count for one in waiting),
        oldest_seconds=max((one.oldest for one in waiting), default=0.0),
        last_sent_at=queries.last_sent_at(),
        beats=queries.beats(),
        periods=current_app.extensions["duties"],
        lag_seconds=max(queries.lags(now).values()),
        resting=tuple((CHANNEL_NAMES.get(one, one), code, at) for one, code, at in queries.resting(now)),
        dead=sum(count for _, code, count in queries.dead(now, within=DEAD_WITHIN) if code not in NOBODY),
        tight=host() if room and room.tight else "",
        apart=host() if abs(ahead()) > CLOCKS_APART else "",
        unheld="" if locks_hold() else host(),
        free_bytes=room.free if room else None,
        backup_at=backup.at if backup else None,
        backup_faults=backup.faults if backup else 0,
        backup_wanted=not settings.demo,
        checked=_checked(),
        drill_on=drill.drill_on if drill else None,
        drill_whole=bool(drill and drill.ended_at),
        key_at=db.session.scalar(select(func.max(Audit.at)).where(*ROTATED)),
    )


def _checked() -> Checked | None:
    query = select(CheckRun.at, CheckRun.repaired, CheckRun.lost).order_by(CheckRun.at.desc()).limit(1)
    found = db.session.execute(query).one_or_none()
    return Checked(*found) if found else None


def _drill() -> DrillRun | None:
    return db.session.scalar(select(DrillRun).order_by(DrillRun.drill_on.desc(), DrillRun.id.desc()).limit(1))
