"""Yuan as people type them, kept as whole fen (分); pure."""

import re

MOST = 100_000_000_000
"""Fen that one amount may have: a billion yuan, far beyond any estate, far below what JSON keeps exactly."""
PLAIN = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?", re.ASCII)
GROUPED = re.compile(r"[\d,]*,[\d,]*(\.\d*)?")
FULL_WIDTH = {at + 0xFEE0: chr(at) for at in range(0x21, 0x7F)} | {0x3000: " "}
"""Not the whole of Unicode's compatible letters, for a raised ² would become a digit."""
FILLING = str.maketrans({"−": "-", "–": "-", "—": "-", "¥": "", "￥": "", " ": "", "元": ""})


class MoneyError(ValueError):
    """An amount that cannot be read; its text is a sentence that says how to write it."""


def parse_yuan(text: str, *, signed: bool = False) -> int:
    """The fen of an amount such as `12,345.60`, full-width letters included; MoneyError says what is wrong.

    Without `signed` an amount is more than nothing; a balance is signed, for it may be nothing or a debt.
    """
    plain = text.translate(FULL_WIDTH).translate(FILLING).strip()
    found = PLAIN.fullmatch(plain)
    if not found:
        raise MoneyError(_why(plain))
    whole, cents = found[2].replace(",", ""), (found[3] or "").ljust(2, "0")
    if len(whole.lstrip("0")) > len(str(MOST)):
        raise MoneyError("金额太大了，请核对位数。")
    fen = int(whole) * 100 + int(cents)
    return _bounded(-fen if found[1] else fen, signed=signed)


def _bounded(fen: int, *, signed: bool) -> int:
    if abs(fen) > MOST:
        raise MoneyError("金额太大了，请核对位数。")
    if not signed and fen <= 0:
        raise MoneyError("金额要大于 0。收入和支出都填正数，没有的项目不用列。")
    return fen


def _why(plain: str) -> str:
    """What is wrong with an amount that does not fit the pattern."""
    if not plain:
        return "请填写金额，单位是元。"
    if "万" in plain or "亿" in plain:
        return "请写成元，例如 1.2万 写成 12000。"
    if re.fullmatch(r"-?[\d,]+\.\d{3,}", plain):
        return "最多两位小数，写到分。"
    if GROUPED.fullmatch(plain):
        return "逗号的位置不对，例如 12,345.60；也可以不写逗号。"
    return "金额只写数字，例如 12345.60。"


def yuan(fen: int) -> str:
    """The amount for people: `12,345.60`, thousands apart, always two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def decimal(fen: int) -> str:
    """The amount for programs: `12345.60`, a text, so that no float ever rounds it."""
    return yuan(fen).replace(",", "")
