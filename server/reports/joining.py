"""我也遇到: joining a neighbour's report with one tap, leaving again, and saying in the end whether it is solved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from server.accounts.devices import is_staff_device
from server.accounts.permissions import Part, owns
from server.accounts.roles import Actor
from server.companies.places import Place
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Conflict, Forbidden, Invalid, NotFound, NotLoggedIn, TooMany
from server.core.limits import Quota, hit_all
from server.core.text import taken
from server.notices.residents import unlink_neighbour
from server.policy.loader import book_behind
from server.policy.model import Book
from server.reports.facts import facts, reopen_until, subject
from server.reports.happenings import Happening, tell
from server.reports.households import ANSWERS
from server.reports.joined import Join
from server.reports.models import Report
from server.reports.neighbours import join_of, lead_of, standings
from server.reports.workflow import CLOSED, RESOLVED, Act, may

DAY = timedelta(days=1)
SLOW_DOWN = "今天点“我也遇到”太多了，请明天再点；是新的问题请直接上报。"
STAFF_WORK = "工作人员请在工作台办理；自己家也遇到的，请退出登录后再点。"
GONE = "没有找到这一件，或者已经不跟进了。"
LIMITS = {"building": 40, "unit": 20, "door": 20}


@dataclass(frozen=True)
class Home:
    """Where a joiner lives, as far as he says; the door is kept as a fingerprint, to count households."""

    building: str = ""
    unit: str = ""
    door: str = ""


def join(report: Report, place: Place, home: Home, *, by: Actor, address: str = "", now: datetime) -> Join:
    """Join a report of the estate whose code was scanned; a second tap changes nothing but what is said of the home.

    Nothing of the report changes, its version stays: no version is stale here. NotFound for another estate's
    report, Conflict for one's own or one that is not open, TooMany beyond the book's limits.
    """
    if report.estate_id != place.estate_id:
        raise NotFound("没有找到这份报告。")
    _check(report, by, now=now)
    before = join_of(report, by)
    if before is None:
        _limit(report, by, address, now=now)
        before = _insert(report, by, now=now)
    _settle(before, report, home)
    return before


def _check(report: Report, by: Actor, *, now: datetime) -> None:
    if by.is_staff:
        raise Forbidden(STAFF_WORK)
    if not (by.resident_id or by.device_hash or by.owner_hash):
        raise NotLoggedIn("请先登录，或带上自己的令牌。")
    if owns(by, subject(report)):
        raise Conflict("这一件就是您自己报的，进度在“我的上报”里看。", code="own", state=report.state)
    if not may(Act.JOIN, facts(report, _book(report), now=now), frozenset({Part.NEIGHBOUR})):
        raise Conflict("这一件已经不在办理；还有问题请作为新的一件上报。", code="not_now", state=report.state)


def _book(report: Report) -> Book:
    return book_behind(report)


def _limit(report: Report, by: Actor, address: str, *, now: datetime) -> None:
    """By person as for reports; where nothing but a fresh browser is known, by network address for each report."""
    book, marks = (
        _book(report),
        {"resident": by.resident_id, "device": by.device_hash, "owner": by.owner_hash},
    )
    most = book.guard.day_most
    quotas = [Quota("join-person", f"{name}:{mark}", most, DAY) for name, mark in marks.items() if mark]
    if by.resident_id is None and address:
        quotas.append(Quota("join-address", f"{address}:{report.id}", book.duplicates.address_most, DAY))
    for quota in hit_all(quotas, now=now):
        raise TooMany(SLOW_DOWN, retry_after=quota.left(now))


def _insert(report: Report, by: Actor, *, now: datetime) -> Join:
    row = {
        "county_id": report.county_id,
        "report_id": report.id,
        "resident_id": by.resident_id,
        "device_hash": by.device_hash,
        "owner_hash": by.owner_hash if by.resident_id is None else None,
        "counts": not _of_staff(by.device_hash),
        "joined_at": now,
    }
    db.session.execute(insert(Join).values(row).on_conflict_do_nothing())
    found = join_of(report, by)
    if found is None:
        raise Conflict("请再点一次。", code="not_now", state=report.state)
    return found


def _of_staff(device_hash: str | None) -> bool:
    """A browser in which staff logged in adds no household."""
    return device_hash is not None and is_staff_device(device_hash)


def _settle(joined: Join, report: Report, home: Home) -> None:
    """Keep what was said of the home, each part where something was said."""
    words = {name: taken(getattr(home, name), field=name, most=most) for name, most in LIMITS.items()}
    joined.building = words["building"] or joined.building
    joined.unit = words["unit"] or joined.unit
    if words["door"]:
        door = "|".join(
            (str(report.estate_id), joined.building or "", joined.unit or "", _plain(words["door"]))
        )
        joined.door_hash = vault().lasting(door, purpose="door")
    db.session.flush()


def _plain(door: str) -> str:
    """501, 501室 and 501 号 are one door."""
    return "".join(letter for letter in door.upper() if letter.isalnum()).rstrip("室号户")


def my_join(report: Report, by: Actor) -> Join:
    """The actor's own join. Raises NotFound for everybody else."""
    found = join_of(lead_of(report), by)
    if found is None:
        raise NotFound(GONE)
    return found


def set_home(report: Report, home: Home, *, by: Actor) -> None:
    """Say more of where one lives, so that households are counted right."""
    _settle(my_join(report, by), report, home)


def leave(report: Report, *, by: Actor, now: datetime) -> None:
    """Withdraw one's join; what leads to the person is erased at once. Conflict for a merged report's reporter."""
    joined = my_join(report, by)
    if joined.merged_id is not None:
        raise Conflict("您的一件已和这一件合并办理，不能退出。", code="not_now", state=report.state)
    if joined.resident_id:
        unlink_neighbour(report.id, joined.resident_id)
    gone = ("resident_id", "device_hash", "owner_hash", "building", "unit", "door_hash")
    values = dict.fromkeys(gone)
    db.session.execute(update(Join).where(Join.id == joined.id).values(withdrawn_at=now, **values))
    db.session.expire(joined)


def may_answer(report: Report, *, now: datetime) -> bool:
    """Whether a joiner may say now if it is solved: from the resolution on, as long as the reporter could reopen."""
    lead = lead_of(report)
    until = reopen_until(lead, _book(lead))
    told = lead.state in {RESOLVED, CLOSED} and lead.resolved_at is not None and lead.check_due_at is None
    return told and until is not None and now <= until


def say(report: Report, answer: str, *, by: Actor, now: datetime) -> None:
    """Say whether it is solved for oneself; it stands beside the reporter's word and changes no state."""
    joined, lead = my_join(report, by), lead_of(report)
    if answer not in ANSWERS:
        raise Invalid("请选择是否解决。", fields={"answer": "请选择“已解决”或“没解决”"})
    if not may_answer(report, now=now):
        raise Conflict("现在还不能回答，等办结后再说。", code="not_now", state=lead.state)
    joined.answer, joined.answered_at = answer, now
    db.session.flush()
    tell(_told(lead, now=now))


def _told(lead: Report, *, now: datetime) -> Happening:
    return Happening(
        act=Act.JOIN,
        report_id=lead.id,
        no=lead.no,
        county_id=lead.county_id,
        estate_id=lead.estate_id,
        community_id=lead.community_id,
        township_id=lead.township_id,
        event_id=0,
        at=now,
        unsolved=standings([lead])[lead.id].not_solved,
    )
