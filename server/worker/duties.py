"""What must be done again and again: each duty, how often, and its sign of life; any number of workers may run."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from server.accounts.forgetting import forget_invitations, forget_sessions
from server.accounts.models import LoginFailure
from server.confidential.erasing import erase_expired_sealed
from server.confidential.sweep import remind_bodies
from server.core.db import db
from server.core.hosts import agreed
from server.core.limits import forget as forget_tallies
from server.core.seals import seal
from server.escalation.alarms import close_mended, notice_dead_pushes, watch_holidays
from server.escalation.bulk import doubt_bulk_closes
from server.escalation.channels import watch_channels
from server.escalation.service import sweep
from server.escalation.silence import sweep_parts
from server.interop.hotline.drafts import forget_drafts
from server.moderation.answers import give_up_waiting
from server.moderation.hiding import drop_copies
from server.notices.dispatch import wake_due_pushes
from server.notices.fairness import share_out
from server.notices.releasing import release_parked
from server.photos.service import discard_unused
from server.reports.canned import flag_canned
from server.reports.erasing import erase_expired, forget_lone_residents
from server.reports.flagging import flag_reports
from server.reports.handover import end_run_out
from server.seeing.alarms import watch
from server.seeing.signs import beat, prove_photos
from server.upkeep.checker import check
from server.upkeep.drilling import drill
from server.upkeep.missed import watch_drills
from server.wechat.once import forget as forget_wechat
from server.wechat.receipts import silent_channels

FAILURES_LAST = timedelta(days=1)
ROUNDS_MOST = 500
"""The most rounds of one duty in a row; what is left waits for its next turn."""
log = logging.getLogger(__name__)

Work = Callable[[datetime], int]
"""One round of a duty; how much it found to do."""


@dataclass(frozen=True)
class Duty:
    """One duty: its name, when it is due (cron with seconds last), and one round of its work."""

    name: str
    cron: str
    work: Work
    until_done: bool = False
    """Whether rounds go on until one finds nothing, each in a transaction of its own."""


def forget_failures(now: datetime) -> int:
    """Wrong passwords older than a day are of no use to anybody."""
    gone = db.session.execute(delete(LoginFailure).where(LoginFailure.at < now - FAILURES_LAST))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _channels(now: datetime) -> int:
    return watch_channels(now, silent=silent_channels(now))


def _discard(now: datetime) -> int:
    return discard_unused(now=now)


def _holidays(now: datetime) -> int:
    watch_holidays(now)
    return 0


EVERY_THREE, EVERY_FIVE, EVERY_TEN = "* * * * * */3", "* * * * * */5", "* * * * * */10"
EVERY_THIRTY, EVERY_MINUTE = "* * * * * 5,35", "* * * * * 1"


def _check(now: datetime) -> int:
    """A round; 1 where another must follow."""
    outcome = check(whole=False, now=now)
    return int(outcome is not None and outcome.more)


def _drill(now: datetime) -> int:
    """A step a round, each at its own instant, so that the times tell the truth."""
    return drill(max(now, agreed()))


def _check_all(now: datetime) -> int:
    outcome = check(whole=True, now=now)
    return int(outcome is not None and outcome.more)


HOURLY = "7 * * * * 0"
FIVE_MINUTES, TEN_MINUTES = "*/5 * * * * 40", "*/10 * * * * 20"
NIGHTLY = "17 19 * * * 50"
"""At a quarter past three in Shanghai."""
PHOTOS = "*/2 * * * * 25"
PERIODS = {
    EVERY_THREE: timedelta(seconds=3),
    EVERY_FIVE: timedelta(seconds=5),
    EVERY_TEN: timedelta(seconds=10),
    EVERY_THIRTY: timedelta(seconds=30),
    EVERY_MINUTE: timedelta(minutes=1),
    PHOTOS: timedelta(minutes=2),
    FIVE_MINUTES: timedelta(minutes=5),
    TEN_MINUTES: timedelta(minutes=10),
    HOURLY: timedelta(hours=1),
    NIGHTLY: timedelta(days=1),
}
DUTIES = (
    Duty("wake_pushes", EVERY_FIVE, wake_due_pushes),
    Duty("release_pushes", EVERY_TEN, release_parked),
    Duty("fair_pushes", EVERY_THREE, share_out),
    Duty("sweep", EVERY_TEN, sweep, until_done=True),
    Duty("sweep_parts", EVERY_TEN, sweep_parts, until_done=True),
    Duty("remind_bodies", EVERY_THIRTY, remind_bodies, until_done=True),
    Duty("channels", EVERY_THIRTY, _channels),
    Duty("dead_pushes", EVERY_TEN, notice_dead_pushes, until_done=True),
    Duty("end_terms", EVERY_MINUTE, end_run_out, until_done=True),
    Duty("close_mended", EVERY_THIRTY, close_mended),
    Duty("late_checks", EVERY_THIRTY, give_up_waiting),
    Duty("drop_copies", EVERY_THIRTY, drop_copies, until_done=True),
    Duty("discard_photos", HOURLY, _discard, until_done=True),
    Duty("erase_contacts", HOURLY, erase_expired, until_done=True),
    Duty("erase_sealed", HOURLY, erase_expired_sealed, until_done=True),
    Duty("fair_reports", EVERY_MINUTE, flag_reports, until_done=True),
    Duty("fair_closes", EVERY_MINUTE, doubt_bulk_closes),
    Duty("check", FIVE_MINUTES, _check, until_done=True),
    Duty("check_all", NIGHTLY, _check_all, until_done=True),
    Duty("drill", EVERY_TEN, _drill, until_done=True),
    Duty("watch_drills", EVERY_MINUTE, watch_drills),
    Duty("canned_answers", EVERY_MINUTE, flag_canned),
    Duty("forget_failures", HOURLY, forget_failures),
    Duty("forget_hotline", HOURLY, forget_drafts),
    Duty("forget_invitations", HOURLY, forget_invitations),
    Duty("forget_residents", HOURLY, forget_lone_residents, until_done=True),
    Duty("forget_sessions", HOURLY, forget_sessions),
    Duty("forget_tallies", HOURLY, forget_tallies),
    Duty("forget_wechat", HOURLY, forget_wechat),
    Duty("holidays", HOURLY, _holidays),
    Duty("photos", PHOTOS, prove_photos),
    Duty("seal", TEN_MINUTES, seal, until_done=True),
    Duty("watch", EVERY_THIRTY, watch),
)


def periods() -> dict[str, timedelta]:
    """How often each duty is due."""
    return {duty.name: PERIODS[duty.cron] for duty in DUTIES}


def run_duty(duty: Duty, *, now: datetime) -> None:
    """Do a duty and leave its sign of life; an edge, so it commits after every round."""
    for _ in range(ROUNDS_MOST if duty.until_done else 1):
        found = duty.work(now)
        db.session.commit()
        if not found:
            break
    beat(duty.name, now=now)
    db.session.commit()
