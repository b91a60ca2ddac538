"""Reading a parsed TOML tree key by key, with every fault written down in a plain sentence (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, Self, TypeVar

from server.policy.spans import UNITS, Span, Unit

Choice = TypeVar("Choice", bound=StrEnum)
MIDNIGHT = time(0)
UNREAD = "?"  # stands for a text that is missing, so that no second fault is made of it
MOST = 9999


@dataclass(frozen=True)
class Faults:
    """What is wrong with a book so far; `origins` knows which file each key was written in."""

    file: str
    origins: dict[tuple[str, ...], str]
    found: list[str] = field(default_factory=list)

    def add(self, path: tuple[str, ...], expected: str) -> None:
        """Write down that the key at this path should have been otherwise."""
        nearest = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.origins), ())
        self.found.append(f"{self.origins.get(nearest, self.file)}：{'.'.join(path)} {expected}。")


class Node:
    """A table of a book; on leaving its `with` block, keys that nobody asked for are faults."""

    def __init__(self, faults: Faults, path: tuple[str, ...], data: Mapping[str, Any]) -> None:
        self.faults, self.path, self.data = faults, path, data
        self.asked: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for key in sorted(self.data.keys() - self.asked):
            self.fault(key, f"不认识这个键，可用的有：{'、'.join(sorted(self.asked))}")

    def fault(self, key: str, expected: str) -> None:
        """Write down a fault at a key of this table."""
        self.faults.add((*self.path, key), expected)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        self.asked.add(key)
        return key in self.data

    def table(self, key: str) -> "Node":
        """A table below; missing or of another type is a fault and reads as empty."""
        value = self._value(key, dict, "应为一个表", {})
        return Node(self.faults, (*self.path, key), value)

    def tables(self) -> Iterator[tuple[str, "Node"]]:
        """Every table below, by its key."""
        for key in self.data:
            yield key, self.table(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank; with a default the key may be missing."""
        if default is not None and not self.has(key):
            return default
        value: str = self._value(key, str, "应为文字", UNREAD)
        if not value.strip():
            self.fault(key, "不能为空")
        return value

    def texts(self, key: str, *, least: int = 1, optional: bool = False) -> tuple[str, ...]:
        """A list of texts, none blank and none twice, at least so many."""
        if optional and not self.has(key):
            return ()
        value: list[Any] | None = self._value(key, list, "应为文字列表", None)
        if value is None:
            return ()
        if any(not isinstance(item, str) or not item.strip() for item in value) or len(value) < least:
            self.fault(key, f"应为文字列表，至少 {least} 项，每项不空，现在是 {value!r}")
            return ()
        if len(set(value)) < len(value):
            self.fault(key, f"有重复项：{value!r}")
        return tuple(value)

    def number(self, key: str, *, least: int = 0, most: int = MOST) -> int:
        """A whole number within bounds, both included."""
        value: int = self._value(key, int, f"应为 {least} 到 {most} 的整数", least)
        if not least <= value <= most:
            self.fault(key, f"应为 {least} 到 {most} 的整数，现在是 {value}")
        return value

    def numbers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers within bounds, rising; missing reads as empty."""
        value: list[Any] = self._value(key, list, "应为整数列表", []) if self.has(key) else []
        fits = all(type(item) is int and least <= item <= most for item in value)
        if not fits or value != sorted(set(value)):
            self.fault(key, f"应为 {least} 到 {most} 的整数列表，从小到大，现在是 {value!r}")
            return ()
        return tuple(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Either true or false."""
        return bool(self._value(key, bool, "应为 true 或 false", default)) if self.has(key) else default

    def clock(self, key: str) -> time:
        """A local time such as 21:30:00."""
        value: time = self._value(key, time, "应为时间，例如 08:30:00", MIDNIGHT)
        return value

    def day(self, key: str) -> date:
        """A date such as 2024-06-29."""
        value: date = self._value(key, date, "应为日期，例如 2024-06-29", date.min)
        return value

    def choice(self, key: str, options: type[Choice], default: Choice | None = None) -> Choice:
        """One of a fixed set of words."""
        if default is not None and not self.has(key):
            return default
        value, words = self.text(key), [option.value for option in options]
        if value in words:
            return options(value)
        if value != UNREAD:
            self.fault(key, f"应为 {'、'.join(words)} 之一，现在是 “{value}”")
        return next(iter(options))

    def span(self, key: str, *, least: int = 1) -> Span:
        """A length of time, written as a table of one unit: { working_hours = 4 }."""
        value: dict[str, Any] | None = self._value(key, dict, "应为时长", None)
        if value is None:
            return Span(least, Unit.MINUTES)
        match list(value.items()):
            case [(unit, int(amount))] if unit in UNITS and least <= amount <= MOST and amount is not True:
                return Span(amount, Unit(unit))
        self.fault(
            key, f"应为时长，例如 {{ working_hours = 4 }}，单位是 {'、'.join(Unit)} 之一，现在是 {value!r}"
        )
        return Span(least, Unit.MINUTES)

    def items(self, key: str) -> list["Node"]:
        """A list of tables, each addressed by its place."""
        value: list[Any] | None = self._value(key, list, "应为表的列表", None)
        if value is None:
            return []
        if not value or any(not isinstance(item, dict) for item in value):
            self.fault(key, f"应为表的列表，至少一项，现在是 {value!r}")
            return []
        return [Node(self.faults, (*self.path, key, str(n)), item) for n, item in enumerate(value, 1)]

    def _value(self, key: str, kind: type, expected: str, instead: Any) -> Any:
        if not self.has(key):
            self.fault(key, f"没有写，{expected}")
            return instead
        value = self.data[key]
        if type(value) is not kind:
            self.fault(key, f"{expected}，现在是 {value!r}")
            return instead
        return value
