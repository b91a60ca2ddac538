"""Reading the bureau's forms: every fault is collected, so that a person sees all of them at once."""

from collections.abc import Container
from datetime import date

from werkzeug.datastructures import MultiDict

from server.core.errors import Invalid
from server.core.text import clean
from server.web.typed import day, whole

MOST = 10**8
NUMBER_LETTERS = 20
"""The longest number or day, with its commas."""


class Form:
    """What came with a form; ask for each field, then call `check`."""

    def __init__(self, given: MultiDict[str, str]) -> None:
        self.given = given
        self.faults: dict[str, str] = {}

    def text(self, name: str, label: str, *, most: int, need: bool = False) -> str:
        """A line or text of at most so many characters; empty where it is missing or wrong."""
        try:
            value = clean(self.given.get(name, ""))
        except ValueError:
            self.faults[name] = f"{label}里有不能显示的字符，请重新输入"
            return ""
        if len(value) > most:
            self.faults[name] = f"{label}太长了，最多 {most} 个字，现在是 {len(value)} 个字"
        elif need and not value:
            self.faults[name] = f"请填写{label}"
        return value

    def phone(self, name: str, label: str, *, most: int = 40) -> str | None:
        """A number that may be shown to everybody; extensions and short numbers are fine."""
        value = self.text(name, label, most=most)
        if value and sum(letter.isdigit() for letter in value) < 3:  # noqa: PLR2004 - 110 is the shortest
            self.faults[name] = f"{label}应为电话号码，现为“{value}”"
        return value or None

    def whole(self, name: str, label: str, *, most: int = MOST) -> int | None:
        """A whole number, or None where nothing was filled in."""
        value = self.text(name, label, most=NUMBER_LETTERS).replace(",", "").replace("，", "")
        if not value or name in self.faults:
            return None
        if not (value.isascii() and value.isdigit()):
            self.faults[name] = f"{label}应为整数，例如 860，现为“{value}”"
            return None
        found = whole(value)
        if found is None or found > most:
            self.faults[name] = f"{label}太大了，最多 {most}"
            return None
        return found

    def number(self, name: str) -> int | None:
        """The number of a thing chosen from a list, or None."""
        return whole(self.given.get(name, ""))

    def day(self, name: str, label: str) -> date | None:
        """A day as `2026-11-18`, or None."""
        value = self.text(name, label, most=NUMBER_LETTERS)
        if not value or name in self.faults:
            return None
        found = day(value)
        if found is None:
            self.faults[name] = f"{label}应为日期，例如 2026-11-18，现为“{value}”"
        return found

    def choice(self, name: str, options: Container[str], label: str, *, need: bool = False) -> str:
        """One of the offered keys; empty where nothing was chosen."""
        value = self.given.get(name, "")
        if (value or need) and value not in options:
            self.faults[name] = f"请选择{label}"
            return ""
        return value

    def check(self) -> None:
        """Raise Invalid when anything was wrong."""
        if self.faults:
            raise Invalid("有内容需要修改。", fields=self.faults)
