"""Keyset pages: a cursor names the last row seen, so that any depth costs the same."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from server.core.errors import Invalid

T = TypeVar("T")
LIMIT = 20
MOST = 100
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, and the cursor of the next page when there is one."""

    items: Sequence[T]
    next: str | None


def encode(values: Sequence[Any]) -> str:
    """A cursor from the sort values of a row; times as ISO texts."""
    plain = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str | None, kinds: Sequence[Callable[[Any], Any]]) -> list[Any] | None:
    """The sort values of a cursor, each through its kind; Invalid when it is not one of ours."""
    if not cursor:
        return None
    try:
        values = list(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
        return [_storable(kind(value)) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as fault:
        raise Invalid("翻页标记无效，请回到第一页。", fields={"after": "翻页标记无效"}) from fault


def _storable(value: Any) -> Any:
    """The value; ValueError for one that the database could not even compare with."""
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise ValueError("beyond the database's numbers")
    if isinstance(value, str) and "\0" in value.encode().decode():
        raise ValueError("no text of the database")
    return value


def page(rows: Sequence[T], *, limit: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """A page out of `limit + 1` fetched rows."""
    items = rows[:limit]
    return Page(items, encode(key(items[-1])) if len(rows) > limit else None)
