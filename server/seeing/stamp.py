"""What the operators' group was told of a database that is away: kept in a file, for the database cannot keep it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from server.core.owners import hand_over, make_folder
from server.seeing.rules import SAY_AGAIN, text_of

NAME = "database-away"
WORDS = "数据库连不上，或者没有反应：网页收不了报告，时限和推送都停了。请看数据库和网络。"
Send = Callable[[str], None]
"""Hands a text to the group; whatever it raises means that the group was not told."""


def tell_away(send: Send, folder: Path, *, where: str, now: datetime) -> bool:
    """Tell the group, unless it knows already; again after some hours. Whether it was told now."""
    said_at = _said_at(folder)
    if said_at is not None and now - said_at < SAY_AGAIN:
        return False
    send(text_of([WORDS], [], where=where))
    make_folder(folder)
    (folder / NAME).write_text(now.isoformat())
    hand_over(folder / NAME)
    return True


def tell_back(send: Send, folder: Path, *, where: str) -> bool:
    """Tell the group that it is over, if it knew; whether it was told."""
    if _said_at(folder) is None:
        return False
    send(text_of([], [WORDS], where=where))
    (folder / NAME).unlink()
    return True


def _said_at(folder: Path) -> datetime | None:
    try:
        return datetime.fromisoformat((folder / NAME).read_text())
    except (FileNotFoundError, ValueError):
        return None
