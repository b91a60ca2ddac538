"""Keyset pages: a cursor names the last row seen, so that any depth costs the same; nobody but us can read it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from server.core.crypto import Unreadable, vault
from server.core.errors import Invalid

T = TypeVar("T")
LIMIT = 20
MOST = 100
PURPOSE = "cursor"
STEP = 48
"""Cursors grow in steps of so many bytes: their length tells nothing of the numbers in them."""

SHORT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, and the cursor of the next page when there is one."""

    items: Sequence[T]
    next: str | None


def encode(values: Sequence[Any]) -> str:
    """A cursor from the sort values of a row: opaque, for instants and internal numbers are not for everybody (A4)."""
    given = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    plain = SHORT.encode(given).encode()
    return vault().wrap(plain + b" " * (-len(plain) % STEP), purpose=PURPOSE)


def decode(cursor: str | None, kinds: Sequence[Callable[[Any], Any]]) -> list[Any] | None:
    """The sort values of a cursor, each through its kind; Invalid when it is not one of ours, or another list's."""
    if not cursor:
        return None
    try:
        values = json.loads(vault().unwrap(cursor, purpose=PURPOSE))
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (Unreadable, ValueError, TypeError) as fault:
        raise Invalid("翻页标记无效，请回到第一页。", fields={"after": "翻页标记无效"}) from fault


def page(rows: Sequence[T], *, limit: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """A page out of `limit + 1` fetched rows."""
    items = rows[:limit]
    return Page(items, encode(key(items[-1])) if len(rows) > limit else None)
