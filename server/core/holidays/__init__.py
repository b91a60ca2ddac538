"""The State Council's holiday lists, one TOML a year, read into one value."""

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from server.core.workdays import Holidays

FOLDER = Path(__file__).parent


def load_holidays(folder: Path) -> Holidays:
    """Every list in the folder; ValueError names the file that cannot be read as one."""
    days_off: set[date] = set()
    makeup_days: set[date] = set()
    published: set[int] = set()
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            days_off |= _days_off(data)
            makeup_days |= {_date(day) for day in data["makeup_days"]}
            published.add(_year(data, path))
        except (KeyError, TypeError, ValueError) as error:
            message = f"{path.name}：放假安排读不懂（{error}）。需要 year、source、makeup_days 和 days_off，请对照往年文件修改。"
            raise ValueError(message) from error
    return Holidays(frozenset(days_off), frozenset(makeup_days), frozenset(published))


@cache
def national_holidays() -> Holidays:
    """The lists that ship with the product, read once."""
    return load_holidays(FOLDER)


def _days_off(data: dict[str, Any]) -> set[date]:
    """All dates of all holidays; each is written as its first and last day."""
    days: set[date] = set()
    for first, last in data["days_off"].values():
        length = (_date(last) - _date(first)).days + 1
        if length < 1:
            message = f"{first} 晚于 {last}"
            raise ValueError(message)
        days |= {first + timedelta(days=n) for n in range(length)}
    return days


def _date(value: object) -> date:
    if type(value) is not date:
        message = f"{value!r} 不是日期"
        raise TypeError(message)
    return value


def _year(data: dict[str, Any], path: Path) -> int:
    """The declared year, which must be the file's own name, with a source beside it."""
    if str(data["year"]) != path.stem or not data["source"]:
        message = f"year 应为 {path.stem}，且要写明 source"
        raise ValueError(message)
    return int(data["year"])
