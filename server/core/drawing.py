"""Drawing a report's number from one space for all tables: each kind of report has its own secret share of it."""

import secrets
from datetime import date

from server.core.crypto import vault
from server.core.report_no import kept_apart, new_number


def draw_number(letters: str, on: date, *, apart: bool) -> str:
    """A number of the ordinary share, or of the one kept apart; they look alike and none is in both."""
    while True:
        number = new_number(letters, on, secrets.choice)
        if kept_apart(vault().lasting(number, purpose="number")) is apart:
            return number
