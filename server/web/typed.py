"""Fields of a form as they were typed, fit to be shown again."""

from flask import request

from server.core.text import FORBIDDEN, taken

DIGITS = 18
"""The longest number that the database holds for sure."""


def shown(text: str) -> str:
    """The text with U+FFFD for every character that no page can show; `clean` refuses it as it refused those."""
    return FORBIDDEN.sub("\ufffd", text)


def typed(name: str, *, most: int) -> str:
    """One field for showing and judging: cut one past `most`, what no page can show made a mark that is refused."""
    return shown(request.form.get(name, ""))[: most + 1]


def all_typed() -> dict[str, str]:
    """Every field of the form, fit to be shown and judged."""
    return {name: shown(text) for name, text in request.form.items()}


def whole(text: str) -> int | None:
    """A whole number as an address or a form carries it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def said(name: str, *, most: int) -> str:
    """One field cleaned. Raises Invalid naming it for unseen characters or too many letters."""
    return taken(request.form.get(name, ""), field=name, most=most)
