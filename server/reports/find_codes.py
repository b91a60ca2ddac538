"""找回码: six digits that only a report's own reporter is shown, without which a lost link is not found again."""

import hmac
import re

from server.core.crypto import vault
from server.core.masks import FULL_WIDTH
from server.reports.models import Report

DIGITS = 6
PURPOSE = "find"
SHAPE = re.compile(rf"[0-9]{{{DIGITS}}}\Z")


def find_code(report: Report) -> str:
    """The code to be shown to the reporter alone, under the newest key; empty where no phone is held.

    It is computed, never stored: nobody who may read the report's row learns it.
    """
    return _codes(report.no)[0] if report.phone_sealed is not None else ""


def typed_code(text: str) -> str | None:
    """Six digits as somebody may type them, or None when they are none."""
    plain = re.sub(r"[\s-]", "", text.translate(FULL_WIDTH))
    return plain if SHAPE.match(plain) else None


def is_find_code(no: str, code: str) -> bool:
    """Whether this is a report's code under any of our keys: one copied before a rotation holds during it."""
    right = [hmac.compare_digest(known, code) for known in _codes(no)]
    return any(right)


def _codes(no: str) -> list[str]:
    """A report's code under every key, the newest first."""
    prints = vault().blinds(no, purpose=PURPOSE)
    return [f"{int(one, 16) % 10**DIGITS:0{DIGITS}d}" for one in prints]
