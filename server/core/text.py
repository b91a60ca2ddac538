"""One way for every text that people type: harmless characters only, length bounded."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields

from server.core.errors import Invalid

UNSEEN = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
    ]
)
"""Direction overrides and letters without a shape; joiners stay, because emoji are made with them."""
BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
BAD = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff"
"""Controls, half characters, and what takes the place of bytes that were no text (U+FFFD)."""
FORBIDDEN = re.compile(f"[{BAD}]")
BLANK = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc"})
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
WRONG = "里面有不能显示的字符，请重新输入。"

PATTERN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd-\uffff]*$"
"""The same for readers of the OpenAPI document."""


def clean(text: str) -> str:
    """The text composed and trimmed, without unseen characters; empty where nothing can be seen.

    ValueError on control characters and on bytes that were no text.
    """
    if FORBIDDEN.search(text):
        raise ValueError("control characters")
    if text.isascii():
        return BREAKS.sub("\n", text).strip()
    plain = unicodedata.normalize("NFC", BREAKS.sub("\n", text.translate(UNSEEN))).strip()
    return plain if any(map(visible, plain)) else ""


def taken(text: str, *, field: str, most: int) -> str:
    """The text cleaned. Raises Invalid naming the field for unseen characters or too many letters."""
    try:
        plain = clean(text)
    except ValueError:
        raise Invalid(WRONG, fields={field: WRONG}) from None
    if len(plain) > most:
        long = f"太长了，最多 {most} 个字，现在是 {len(plain)} 个字。"
        raise Invalid(long, fields={field: long})
    return plain


def visible(letter: str) -> bool:
    """Whether a character leaves a mark on paper."""
    return unicodedata.category(letter) not in BLANK and letter not in FILLERS


class Text(fields.String):
    """A marshmallow field for typed text: cleaned, at most `most` characters, `least` when it must be there."""

    def __init__(self, *, most: int, least: int = 0, **kwargs: Any) -> None:
        shape = {"maxLength": most, "pattern": PATTERN} | ({"minLength": least} if least else {})
        super().__init__(metadata=shape | kwargs.pop("metadata", {}), **kwargs)
        self.most, self.least = most, least

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        raw = super()._deserialize(value, attr, data, **kwargs)
        try:
            text = clean(raw or "")
        except ValueError as fault:
            raise ValidationError(WRONG) from fault
        if len(text) > self.most:
            raise ValidationError(f"太长了，最多 {self.most} 个字，现在是 {len(text)} 个字。")
        if len(text) < self.least:
            raise ValidationError("请填写这一项。" if self.least == 1 else f"请至少写 {self.least} 个字。")
        return text
