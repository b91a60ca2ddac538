"""What each cell of a hotline's table may hold; pure."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from server.core.masks import phone_digits
from server.core.workdays import ZONE

EMPTY = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "N/A", "n/a", "NULL", "null", "空", "None"}
)
NAMELESS = re.compile(r"匿名|保密|不详|未知|不愿|未留")
FIRST_YEAR, LAST_YEAR = 2000, 2099
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=ZONE)
SERIAL = re.compile(r"[3-6]\d{4}(?:\.\d+)?\Z")
DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
TIME = (
    r"(上午|下午|am|pm)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?:\s*:?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?"
)
SPELT = re.compile(rf"{DAY}(?:[\sT,]*{TIME})?\Z", re.IGNORECASE)
RUN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2})?)?\Z")
NUMBER = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿()\[\]〔〕_/.#-]{2,59}\Z")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+\Z", re.IGNORECASE)
KEPT_DIGITS = 15
"""Excel keeps no more digits of a number; what follows becomes zeros."""
PHONE = re.compile(r"(?:\+?86[- ]?|0086[- ]?)?1[3-9](?:[ -]?\d){9}(?!\d)|0\d{2,3}[- ]?\d{7,8}(?!\d)")
NOON = 12


YES = frozenset({"是", "同意", "愿意", "可以", "√", "✓", "✔", "yes", "y", "true", "1"})


class Wrong(Exception):
    """A cell cannot be taken; the message continues the sentence."""


def read_number(text: str) -> str:
    """An order's number in one spelling. Raises Wrong for what Excel has spoilt."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if not bare:
        raise Wrong("没有填写")
    if SCIENTIFIC.match(bare):
        raise Wrong(f"被 Excel 改成了科学计数法，请把这一列设为文本后重新导出，现为“{text}”")
    if bare.isdigit() and len(bare) > KEPT_DIGITS and not bare[KEPT_DIGITS:].strip("0"):
        raise Wrong(f"后几位被 Excel 改成了 0，请把这一列设为文本后重新导出，现为“{text}”")
    if not NUMBER.match(bare):
        raise Wrong(f"应为 3 到 60 位的编号，现为“{text[:60]}”")
    return bare


def read_when(text: str, *, end: bool = False) -> datetime | None:
    """An instant as UTC, from a Shanghai wall clock in any of the usual spellings; a bare day begins, or ends.

    None for an empty cell; raises Wrong for what is no day.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if bare in EMPTY:
        return None
    found = _serial(bare) or _spelt(bare)
    if found is None:
        raise Wrong(f"应为日期和时间，例如 2026-11-18 09:30，现为“{text[:40]}”")
    at, timed = found
    if end and not timed:
        at += timedelta(days=1)
    return at.astimezone(UTC)


def _serial(text: str) -> tuple[datetime, bool] | None:
    """A day as Excel counts it, where the column was never formatted."""
    if not SERIAL.match(text):
        return None
    seconds = round(float(text) * 24 * 60) * 60
    return EXCEL_DAY_ZERO + timedelta(seconds=seconds), "." in text


def _spelt(text: str) -> tuple[datetime, bool] | None:
    if match := RUN.match(text):
        year, month, day, hour, minute, second = match.groups()
        half = None
    elif match := SPELT.match(text):
        year, month, day, half, hour, minute, second = match.groups()
    else:
        return None
    try:
        clock = [int(one or 0) for one in (hour, minute, second)]
        if half and half.lower() in {"下午", "pm"} and clock[0] < NOON:
            clock[0] += NOON
        at = datetime(int(year), int(month), int(day), clock[0], clock[1], clock[2], tzinfo=ZONE)
    except ValueError:
        return None
    return (at, hour is not None) if FIRST_YEAR <= at.year <= LAST_YEAR else None


def read_phone(text: str) -> str | None:
    """The first phone number in a cell, whatever stands around it; None where the caller left none."""
    bare = unicodedata.normalize("NFKC", text).strip()
    if bare in EMPTY or NAMELESS.search(bare):
        return None
    match = PHONE.search(bare)
    found = phone_digits(match[0]) if match else phone_digits(bare)
    if found is None:
        raise Wrong(f"看不出电话号码（{len(bare)} 个字符），没有的请留空")
    return found


def says_yes(text: str) -> bool:
    """Whether a cell says yes in so many words; whatever else stands there is no consent."""
    return unicodedata.normalize("NFKC", text).strip().casefold() in YES
