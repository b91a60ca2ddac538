"""The one way in for what people send: every field is bounded and fit to be shown and kept, or refused by its name.

No page reads `request.form` or `request.args` past these functions (tests/house/test_reads.py).
"""

from collections.abc import Container
from datetime import date

from flask import request

from server.core.text import FORBIDDEN, clean, taken
from server.core.tokens import plausible

DIGITS = 18
"""The longest number that the database holds for sure."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days that somebody can mean, far from the ends of what a calendar can reckon with."""
KEY_LETTERS = 200
"""A line of base 64 and the like is no longer."""


def shown(text: str) -> str:
    """The text with U+FFFD for every character that no page can show; `clean` refuses it as it refused those."""
    return FORBIDDEN.sub("\ufffd", text)


def typed(name: str, *, most: int) -> str:
    """One field for showing and judging: cut one past `most`, what no page can show made a mark that is refused."""
    return shown(request.form.get(name, ""))[: most + 1]


def all_typed() -> dict[str, str]:
    """Every field of the form, fit to be shown and judged."""
    return {name: shown(text) for name, text in request.form.items()}


def said(name: str, *, most: int) -> str:
    """One field cleaned. Raises Invalid naming it for unseen characters or too many letters."""
    return taken(request.form.get(name, ""), field=name, most=most)


def whole(text: str) -> int | None:
    """A whole number as an address or a form carries it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def day(text: str) -> date | None:
    """A day as `2026-11-18`; None for anything else, and for one that nobody can mean."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def numbers(name: str) -> tuple[int, ...]:
    """The numbers of the boxes that were ticked; 0, which nothing has, for what is none, so that it is missed."""
    return tuple(whole(one) or 0 for one in request.form.getlist(name))


def chosen(name: str, options: Container[str]) -> str:
    """One of the offered keys; empty for anything else."""
    value = request.form.get(name, "")
    return value if value in options else ""


def several(name: str, options: Container[str]) -> tuple[str, ...]:
    """Those of the offered keys that were ticked."""
    return tuple(one for one in request.form.getlist(name) if one in options)


def secret(name: str) -> str:
    """A password letter by letter: it is compared and hashed, never shown or kept."""
    return request.form.get(name, "")


def sent_key() -> str | None:
    """The key under which the form is sent once, where it came with one of ours."""
    value = request.form.get("key", "")
    return value if plausible(value) else None


def narrowed(name: str, options: Container[str]) -> str:
    """What the address narrows a page to: one of the offered keys; empty for anything else."""
    value = request.args.get(name, "")
    return value if value in options else ""


def looked_for(name: str, *, most: int) -> str:
    """The words that the address looks for, cleaned and cut; empty where nothing can be seen."""
    try:
        return clean(request.args.get(name, ""))[:most]
    except ValueError:
        return ""
