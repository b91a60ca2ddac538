"""Proving that a report is one's own when its link is lost: its number and the phone that was left."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.core.counties import Key, open_by
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Invalid
from server.core.limits import hit
from server.core.masks import phone_digits
from server.reports.models import Report
from server.reports.numbers import normalise

TRIES = 5
WINDOW = timedelta(minutes=15)
NOT_FOUND = "没有找到：编号和手机号要和提交时一样。提交时没有留手机号的，请用当时的手机打开“我的上报”。"
SLOW_DOWN = f"试得太多了，请过 {WINDOW // timedelta(minutes=1)} 分钟再试，或打电话给小区所属社区。"


def claim(no: str, phone: str, *, device_hash: str, now: datetime) -> str:
    """Make a report this browser's own; gives its number in one spelling.

    Invalid in the same words for a wrong number, a wrong phone and a report without one; TooMany after a
    few tries with the same number or the same phone.
    """
    number, digits = normalise(no), phone_digits(phone)
    for sender in (number or no.strip().upper(), digits or phone.strip()):
        hit("find", sender, most=TRIES, window=WINDOW, sentence=SLOW_DOWN, now=now)
    if not number or not digits:
        raise Invalid(NOT_FOUND, code="no_match")
    open_by(Key.REPORT, number)
    indexes = vault().blinds(digits, purpose="phone")
    found = db.session.scalar(select(Report.id).where(Report.no == number, Report.phone_index.in_(indexes)))
    if found is None:
        raise Invalid(NOT_FOUND, code="no_match")
    rebind(found, device_hash=device_hash)
    return number


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
