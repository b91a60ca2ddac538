"""The daily drill: a made-up report goes the whole way, step by step, and every step's time is kept."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from server.accounts.roles import STRANGER, Actor
from server.accounts.sessions import posts_of
from server.companies.places import place_of_estate
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.notices.models import Inbox, Push
from server.policy.loader import books
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report, owner_token
from server.reports.models import Report
from server.reports.side_changes import AGREED
from server.reports.workflow import Act
from server.upkeep.models import DrillRun
from server.upkeep.stage import Stage, find_stage, kind_for, stages

FROM_HOUR = 9
"""From when on, in Shanghai, the day's drill begins: after every county's quiet hours."""
UNDONE_AFTER = timedelta(minutes=30)
WORDS = "每日演练：自动检查上报、推送、受理、办结、确认是否正常，无需处理。"
BASIS = "每日演练，按《民法典》第二百八十四条。"


Take = Callable[[DrillRun, Stage, datetime], bool]
log = logging.getLogger(__name__)


class Step(StrEnum):
    """How far a drill has come; the word is what is done already."""

    BEGUN = "begun"
    FILED = "filed"
    INBOX = "inbox"
    PUSH = "push"
    ACCEPT = "accept"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    DONE = "done"


@dataclass(frozen=True)
class DrillTimes:
    """One drill: its day, how far it came, and after how many milliseconds from the report's commit each step was done."""

    drill_on: date
    step: str
    started_at: datetime
    ended_at: datetime | None
    took_ms: dict[str, int]
    """`commit` is what filing took until its commit; `inbox`, `push`, `accept`, `resolve`, `confirm`, `done`
    (the reporter's confirmation has reached the desk) count from the commit."""

    @property
    def whole(self) -> bool:
        """Whether it went the whole way."""
        return self.step == Step.DONE


def last_drill(county_id: str) -> DrillTimes | None:
    """The county's latest drill with its times; None where there was none yet. Pages may ask: it opens no county."""
    run = db.session.scalar(
        select(DrillRun).where(DrillRun.county_id == county_id).order_by(DrillRun.drill_on.desc()).limit(1)
    )
    if run is None:
        return None
    took = {step: run.took[step] for step in ("commit", *Step) if step in run.took}
    return DrillTimes(run.drill_on, run.step, run.started_at, run.ended_at, took)


def drill(now: datetime) -> int:
    """One step of every drill that can take one; how many did. The worker's duty commits after each round."""
    return sum(_advance(county_id, stage, now=now) for county_id, stage in stages().items())


def begin(county_id: str, *, now: datetime) -> bool:
    """Begin today's drill now, whatever the hour; False where it has begun already or none was set up."""
    if find_stage(county_id) is None:
        return False
    row = insert(DrillRun).values(
        county_id=county_id, drill_on=clock.today(now), step=Step.BEGUN, started_at=now, took={}
    )
    made = row.on_conflict_do_nothing(index_elements=["county_id", "drill_on"]).returning(DrillRun.id)
    return db.session.scalar(made) is not None


def _advance(county_id: str, stage: Stage, *, now: datetime) -> bool:
    """The next step of today's drill; begins it when its hour has come."""
    run = db.session.scalar(
        select(DrillRun)
        .where(DrillRun.county_id == county_id, DrillRun.drill_on == clock.today(now))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if run is None:
        return clock.local(now).hour >= FROM_HOUR and begin(county_id, now=now)
    step = STEPS.get(Step(run.step))
    return bool(step and _safely(step, run, stage, now))


def _safely(step: Take, run: DrillRun, stage: Stage, now: datetime) -> bool:
    """One county's fault must not keep the others' drills from going on; the missing step becomes an alarm."""
    try:
        with db.session.begin_nested():
            return step(run, stage, now)
    except Exception:
        log.exception("drill of %s: after %s", run.county_id, run.step)
        db.session.refresh(run)
        return False


def _file(run: DrillRun, stage: Stage, now: datetime) -> bool:
    book = books()[stage.county_id]
    filed = file_report(
        place_of_estate(stage.county_id, stage.estate_id),
        Filing(kind=kind_for(book), text=WORDS),
        key=_key(run),
        by=STRANGER,
        now=now,
    )
    run.report_id, run.started_at = filed.report_id, now
    return _done(run, Step.FILED)


def _look(run: DrillRun, stage: Stage, now: datetime) -> bool:
    """The report is committed: it must lie on a desk."""
    del stage
    run.committed_at = run.committed_at or now
    if not db.session.scalar(select(Inbox.id).where(Inbox.report_id == run.report_id).limit(1)):
        return False
    commit = int((run.committed_at - run.started_at).total_seconds() * 1000)
    run.took = run.took | {"commit": commit}
    return _done(run, Step.INBOX, at=now)


def _pushed(run: DrillRun, stage: Stage, now: datetime) -> bool:
    del now
    at = _sent_at(run, "new", stage.person_id)
    return at is not None and _done(run, Step.PUSH, at=at)


def _heard(run: DrillRun, stage: Stage, now: datetime) -> bool:
    at = _sent_at(run, Act.CONFIRM, stage.person_id)
    if at is None:
        return False
    run.ended_at = now
    return _done(run, Step.DONE, at=at)


def _act(act: Act, reached: Step, *, owner: bool = False) -> Take:
    def take(run: DrillRun, stage: Stage, now: datetime) -> bool:
        report = db.session.get_one(Report, run.report_id, populate_existing=True)
        by = Actor(owner_hash=fingerprint(owner_token(_key(run)))) if owner else _at_desk(report, stage, now)
        beside = _at_desk(report, stage, now, beside=True)
        if owner and Act.CHECK in acts_for(report, beside, now=now):
            act_on(report, Act.CHECK, Deed(report.version, text=WORDS, result=AGREED), by=beside, now=now)
        deed = Deed(report.version, text=WORDS, basis=BASIS, outcome="solved")
        act_on(report, act, deed, by=by, now=now)
        return _done(run, reached, at=now)

    return take


def _at_desk(report: Report, stage: Stage, now: datetime, *, beside: bool = False) -> Actor:
    """The colleague at the handler's desk, or at all the others."""
    held = posts_of(stage.person_id, now=now)
    posts = tuple(post for post in held if (post.body_id != report.handler_id) is beside)
    return Actor(person_id=stage.person_id, posts=posts)


STEPS: dict[Step, Take] = {
    Step.BEGUN: _file,
    Step.FILED: _look,
    Step.INBOX: _pushed,
    Step.PUSH: _act(Act.ACCEPT, Step.ACCEPT),
    Step.ACCEPT: _act(Act.RESOLVE, Step.RESOLVE),
    Step.RESOLVE: _act(Act.CONFIRM, Step.CONFIRM, owner=True),
    Step.CONFIRM: _heard,
}


def _key(run: DrillRun) -> str:
    """The key of the day's report: nobody outside can guess it, and a repeat is the same report."""
    return owner_token(f"drill:{run.county_id}:{run.drill_on.isoformat()}")


def _sent_at(run: DrillRun, purpose: str, person_id: int) -> datetime | None:
    return db.session.scalar(
        select(Push.done_at)
        .where(
            Push.report_id == run.report_id,
            Push.purpose == purpose,
            Push.person_id == person_id,
            Push.state == "sent",
        )
        .order_by(Push.id)
        .limit(1)
    )


def _done(run: DrillRun, step: Step, *, at: datetime | None = None) -> bool:
    run.step = step
    if at is not None and run.committed_at is not None:
        passed = int((at - run.committed_at).total_seconds() * 1000)
        run.took = run.took | {step.value: max(passed, 0)}
    db.session.flush()
    return True
