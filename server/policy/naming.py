"""Names in a book that point into another of its tables (pure)."""

from collections.abc import Mapping
from typing import Any

from server.policy.reader import UNREAD, Faults


def check_names(
    faults: Faults, path: tuple[str, ...], names: Any, known: Mapping[Any, object], table: str
) -> None:
    """Every name must be a key of the table it points into."""
    for name in names:
        if name not in known and name != UNREAD:
            faults.add(path, f"里的 “{name}” 在 {table} 里没有，应为 {'、'.join(map(str, known))} 之一")
