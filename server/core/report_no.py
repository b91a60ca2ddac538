"""Report numbers: county letters, date, five random characters; no gap tells of a hidden one (pure)."""

import re
from collections.abc import Callable
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 5
SHAPE = re.compile(rf"[A-Z]{{2}}\d{{6}}-[{ALPHABET}]{{{RANDOM}}}\Z")
SHARES = 32


def new_number(letters: str, on: date, pick: Callable[[str], str]) -> str:
    """A number such as `YS240715-7K2QM`; `pick` chooses one character, as `secrets.choice` does."""
    return f"{letters}{on:%y%m%d}-" + "".join(pick(ALPHABET) for _ in range(RANDOM))


def kept_apart(fingerprint: str) -> bool:
    """Whether the number with this keyed fingerprint (hexadecimal) is one of the share kept for confidential reports.

    Without the key nobody can tell; with it the two kinds never meet, and no table has to be asked.
    """
    return int(fingerprint[:8], 16) % SHARES == 0


def normalise(text: str) -> str | None:
    """The number that somebody typed, in either case and with any spaces; None if it is none."""
    plain = re.sub(r"[\s—–－]+", "", text.upper()).replace("-", "")
    number = f"{plain[:8]}-{plain[8:]}"
    return number if SHAPE.match(number) else None
