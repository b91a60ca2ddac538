"""Since when a company serves, as tables write it: 2016年5月, 2016.5, 2016-05-01; pure."""

import re
import unicodedata
from datetime import date

WRITTEN = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[年./-](?:(?P<month>\d{1,2})(?:[月./-](?:(?P<day>\d{1,2})日?)?)?)?)?(?:起|至今)?"
)


class NoDay(Exception):
    """The text is not a day, a month or a year; the message says how to write one, in Chinese."""


def parse_since(text: str) -> date | None:
    """The day that a text names, the first of a month or year that it names; None for nothing. Raises NoDay."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    match = WRITTEN.fullmatch(plain)
    try:
        if match:
            return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        pass
    raise NoDay(f"应为年月，例如“2019年10月”，现为“{text}”")
