"""Fields of a form as they were typed, fit to be shown again."""

from flask import request

from server.core.text import FORBIDDEN

DIGITS = 18
"""The longest number that the database holds for sure."""


def typed(name: str, *, most: int) -> str:
    """One field, cut to `most` characters, without characters that no page can show."""
    return FORBIDDEN.sub("", request.form.get(name, ""))[:most]


def all_typed() -> dict[str, str]:
    """Every field of the form, without characters that no page can show."""
    return {name: FORBIDDEN.sub("", text) for name, text in request.form.items()}


def whole(text: str) -> int | None:
    """A whole number as an address or a form carries it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
