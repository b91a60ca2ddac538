"""What the sandbox accepts as a template value, written apart from the client's rules so that neither hides the other's mistake."""

import re
from collections.abc import Callable, Mapping
from string import ascii_letters, digits, punctuation

from server.wechat.sandbox.wire import WireError

PLAIN = set(digits + ascii_letters + punctuation + " ")
DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}(?P<joint>[-/.])\d{1,2}(?P=joint)\d{1,2})"
TIME = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
MOMENT = re.compile(rf"({DAY} )?{TIME}", re.ASCII)
DATE = re.compile(rf"{DAY}( {TIME})?", re.ASCII)
AMOUNT = re.compile(r"[\u00a5\uffe5$\u20ac]?\d{1,10}(\.\d+)?元?", re.ASCII)


def _han(text: str) -> bool:
    return all("\u3400" <= one <= "\u9fff" for one in text)


def _moments(text: str) -> bool:
    return all(MOMENT.fullmatch(part) for part in text.split("~")) and text.count("~") <= 1


def _number(text: str) -> bool:
    return (
        set(text) <= set(digits + ".") and text[0] in digits and text[-1] in digits and text.count(".") <= 1
    )


def _name(text: str) -> bool:
    return not set(text) & set(digits) and len(text) <= (20 if text.isascii() else 10)


ACCEPTS: dict[str, tuple[int, Callable[[str], bool]]] = {
    "thing": (20, lambda _: True),
    "enum": (20, lambda _: True),
    "number": (32, _number),
    "letter": (32, lambda text: set(text) <= set(ascii_letters)),
    "symbol": (5, lambda text: set(text) <= set(punctuation)),
    "character_string": (32, lambda text: set(text) <= PLAIN),
    "time": (64, _moments),
    "date": (64, lambda text: bool(DATE.fullmatch(text))),
    "amount": (24, lambda text: bool(AMOUNT.fullmatch(text))),
    "phone_number": (17, lambda text: set(text) <= set(digits + "+-")),
    "car_number": (8, lambda text: all(_han(one) or one in ascii_letters + digits for one in text)),
    "name": (20, _name),
    "phrase": (5, _han),
}


def accepted(name: str, value: object) -> bool:
    """Whether a value may stand in a field such as `thing2`."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return False
    limit, suits = ACCEPTS.get(name.rstrip(digits), ACCEPTS["thing"])
    return len(value) <= limit and suits(value)


def check_values(fields: Mapping[str, str], data: object) -> dict[str, str]:
    """The values of a template's fields; 47003 when one is missing, too many or not acceptable."""
    if not isinstance(data, Mapping) or set(data) != set(fields):
        raise WireError(47003, "data fields do not match the template")
    values = {}
    for name, one in data.items():
        value = one.get("value") if isinstance(one, Mapping) else None
        if not accepted(name, value):
            raise WireError(47003, f"data.{name}.value invalid")
        values[name] = str(value)
    return values
