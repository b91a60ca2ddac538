"""Proving that a report is one's own when its link is lost: its number, the phone that was left, and its 找回码."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.devices import is_staff_device
from server.accounts.roles import Actor
from server.core.counties import Key, open_by
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Invalid, TooMany
from server.core.limits import Quota, hit, is_spent
from server.core.masks import phone_digits
from server.reports.contact import write_found
from server.reports.find_codes import is_find_code, typed_code
from server.reports.models import Report
from server.reports.numbers import normalise

TRIES = 5
WINDOW = timedelta(minutes=15)
FAILURES = 20
"""Failed tries with one number within `MONTH`: six digits must not be guessed at leisure."""
MONTH = timedelta(days=30)
NOT_FOUND = (
    "没有找到：编号、手机号和找回码要和提交时一样。没有留手机号或没有找回码的，"
    "请用当时的手机打开“我的上报”，或打电话给小区所属社区。"
)
SLOW_DOWN = f"试得太多了，请过 {WINDOW // timedelta(minutes=1)} 分钟再试，或打电话给小区所属社区。"
NO_MORE = "这个编号试错太多次了，近期不能再这样找回。请打电话给小区所属社区。"


@dataclass(frozen=True)
class Claim:
    """What somebody fills in, as he typed it."""

    no: str
    phone: str
    code: str


def claim(given: Claim, *, by: Actor, device_hash: str, now: datetime) -> str:
    """Make a report this browser's own; gives its number in one spelling.

    Invalid in the same words for a wrong number, phone or code, a report without a phone, and for staff and their
    browsers: the company knows numbers and phones. TooMany after a few tries with the same number or the same
    phone, and for weeks after many failed ones with the same number. The caller commits what an Invalid counts.
    """
    number, digits, code = normalise(given.no), phone_digits(given.phone), typed_code(given.code)
    named = number or given.no.strip().upper()
    for sender in (named, digits or given.phone.strip()):
        hit("find", sender, most=TRIES, window=WINDOW, sentence=SLOW_DOWN, now=now)
    failures = Quota("find-failed", named, FAILURES, MONTH)
    if is_spent(failures, now=now):
        raise TooMany(NO_MORE, retry_after=failures.left(now))
    found = None
    if number and digits and code:
        found = _look_up(number, digits, code, by=by, device_hash=device_hash)
    if found is None:
        hit("find-failed", named, most=FAILURES, window=MONTH, sentence=NO_MORE, now=now)
        raise Invalid(NOT_FOUND, code="no_match")
    if found.device_hash != device_hash:
        rebind(found.id, device_hash=device_hash)
        write_found(found, now=now)
    return found.no


def _look_up(number: str, digits: str, code: str, *, by: Actor, device_hash: str) -> Report | None:
    """The report that all of it fits; every question is asked whatever the others answer, so that none takes longer."""
    open_by(Key.REPORT, number)
    indexes = vault().blinds(digits, purpose="phone")
    found = db.session.scalar(select(Report).where(Report.no == number, Report.phone_index.in_(indexes)))
    right = is_find_code(number, code)
    staff = is_staff_device(device_hash) or by.person_id is not None
    return found if right and not staff else None


def has_filed(device_hash: str) -> bool:
    """Whether a browser has filed a report before, within the counties in sight."""
    return db.session.scalar(select(Report.id).where(Report.device_hash == device_hash).limit(1)) is not None


def rebind(report_id: int, *, device_hash: str) -> None:
    """Whoever proved to be the reporter goes on with the browser that he has now."""
    db.session.execute(
        update(Report)
        .where(Report.id == report_id, Report.device_hash.is_distinct_from(device_hash))
        .values(device_hash=device_hash)
    )
