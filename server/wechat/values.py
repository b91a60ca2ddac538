"""WeChat's rules for template values: cut and clean a value so that it is accepted, or say what is wrong."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

ELLIPSIS = "…"
NOTHING = "无"
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:\uff1a]([0-5]\d)(?!\d)", re.ASCII)
DAY = re.compile(r"(?<!\d)(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})(?!\d)日?", re.ASCII)
DIGITS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
MONEY = re.compile(r"([\u00a5\uffe5$\u20ac]?)(\d{1,10})(?!\d)(\.\d{1,2}(?!\d))?", re.ASCII)
FIRST_DAY = "1970年1月1日"


@dataclass(frozen=True)
class Rule:
    """One kind of value: what is accepted, how to get there, and what stands in for an unusable value."""

    accepts: re.Pattern[str]
    shape: Callable[[str], str]
    stand_in: str
    strict: bool = False


def units(text: str) -> int:
    """Length as WeChat's phones count it, in UTF-16 units: never less than the characters seen."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int, *, tail: str = ELLIPSIS) -> str:
    """The text within `limit` units, its end replaced by `tail` where something was lost."""
    if units(text) <= limit:
        return text
    while units(text) > limit - len(tail):
        text = text[:-1]
    return text.rstrip() + tail


def cut_bytes(text: str, limit: int) -> str:
    """The text within `limit` bytes of UTF-8, ending in an ellipsis where something was lost."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return data.decode()
    return data[: limit - len(ELLIPSIS.encode())].decode("utf-8", "ignore") + ELLIPSIS


def clean(text: str) -> str:
    """The text on one line, without control, invisible or unpaired characters."""
    spaced = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Zs"} else one for one in text)
    seen = "".join(one for one in spaced if not unicodedata.category(one).startswith("C"))
    return " ".join(seen.split())


def _keep(pattern: str, limit: int) -> Callable[[str], str]:
    wanted = re.compile(pattern)
    return lambda text: "".join(wanted.findall(text))[:limit]


def _code(text: str) -> str:
    return cut("-".join(re.findall(r"[!-~]+", text)), 32, tail="...")


def _name(text: str) -> str:
    letters = "".join(one for one in text if one.isalpha() or one in " .·")
    return cut(letters.strip(), 20 if letters.isascii() else 10, tail="").strip()


def _day(text: str) -> str:
    found = DAY.search(text)
    if not found:
        return ""
    year, month, day = (int(part) for part in found.groups())
    try:
        datetime(year, month, day)  # noqa: DTZ001 - only asks whether there is such a day
    except ValueError:
        return ""
    return f"{year}年{month}月{day}日"


def _clock(text: str) -> str:
    found = CLOCK.search(text)
    return f"{int(found[1])}:{found[2]}" if found else ""


def _moment(text: str) -> str:
    clock = _clock(text)
    return f"{_day(text)} {clock}".strip() if clock else ""


def _time(text: str) -> str:
    start, tilde, end = text.replace("\uff5e", "~").partition("~")
    if tilde and _moment(start) and _moment(end):
        return f"{_moment(start)}~{_moment(end)}"
    return _moment(text)


def _date(text: str) -> str:
    return f"{_day(text)} {_clock(text)}".strip() if _day(text) else ""


def _digits(text: str) -> str:
    found = DIGITS.search(text)
    return found[0] if found and len(found[0]) <= 32 else ""  # noqa: PLR2004 - the rule's own number


def _amount(text: str) -> str:
    found = MONEY.search(text)
    if not found:
        return ""
    sign, whole, cents = found.groups()
    return f"{sign}{whole}{cents or ''}{'元' if not sign else ''}"


def _short(limit: int) -> Callable[[str], str]:
    return lambda text: cut(text, limit)


def _rule(accepts: str, shape: Callable[[str], str], stand_in: str, *, strict: bool = False) -> Rule:
    return Rule(re.compile(accepts, re.ASCII), shape, stand_in, strict)


MOMENT = r"(?:\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2}) )?\d{1,2}:\d{2}(?::\d{2})?"
DATE = r"\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})(?: \d{1,2}:\d{2}(?::\d{2})?)?"
RULES: dict[str, Rule] = {
    "thing": _rule(r".{1,20}", _short(20), NOTHING),
    "enum": _rule(r".{1,20}", _short(20), NOTHING),
    "character_string": _rule(r"[!-~](?:[ -~]{0,30}[!-~])?", _code, "-"),
    "number": _rule(r"(?=.{1,32}$)\d+(?:\.\d+)?", _digits, "0", strict=True),
    "letter": _rule(r"[A-Za-z]{1,32}", _keep(r"[A-Za-z]", 32), "N"),
    "symbol": _rule(r"[!-/:-@\[-`{-~]{1,5}", _keep(r"[!-/:-@\[-`{-~]", 5), "-"),
    "time": _rule(f"{MOMENT}(?:~{MOMENT})?", _time, "0:00", strict=True),
    "date": _rule(DATE, _date, FIRST_DAY, strict=True),
    "amount": _rule(r"[\u00a5\uffe5$\u20ac]?\d{1,10}(?:\.\d+)?元?", _amount, "0元", strict=True),
    "phone_number": _rule(r"[0-9+-]{1,17}", _keep(r"[0-9+-]", 17), "0", strict=True),
    "car_number": _rule(rf"[{HAN}]?[A-Za-z0-9]{{0,7}}[{HAN}]?", _keep(f"[{HAN}A-Za-z0-9]", 8), NOTHING),
    "name": _rule(r"[A-Za-z .]{1,20}|[^\d]{1,10}", _name, NOTHING),
    "phrase": _rule(rf"[{HAN}]{{1,5}}", _keep(f"[{HAN}]", 5), NOTHING),
}


def rule_of(name: str) -> Rule:
    """The rule for a template's field, such as `thing2`; an unknown kind is held to the rule of `thing`."""
    return RULES.get(name.rstrip("0123456789"), RULES["thing"])


def check(name: str, value: str) -> str | None:
    """What WeChat would object to in a value, or None."""
    if not value:
        return "empty"
    if clean(value) != value:
        return "line breaks, invisible characters or stray blanks"
    rule = rule_of(name)
    if not rule.accepts.fullmatch(value) or (rule is RULES["thing"] and units(value) > 20):  # noqa: PLR2004
        return f"not a {name.rstrip('0123456789')}"
    return None


def fit(name: str, value: str) -> str:
    """The value shortened and cleaned so that `check` passes; an unusable one becomes its kind's stand-in."""
    rule = rule_of(name)
    shaped = rule.shape(clean(value))
    return rule.stand_in if check(name, shaped) else shaped


def usable(name: str, value: str) -> bool:
    """Whether `fit` keeps the meaning: false where a time, date, number or amount had to be made up."""
    rule = rule_of(name)
    return not rule.strict or check(name, rule.shape(clean(value))) is None
