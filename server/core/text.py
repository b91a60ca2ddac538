"""One way for every text that people type: harmless characters only, length bounded."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields

BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

PATTERN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
"""The same for readers of the OpenAPI document."""


def clean(text: str) -> str:
    """The text without direction overrides, composed, trimmed; raises ValueError on control characters."""
    if FORBIDDEN.search(text):
        raise ValueError("control characters")
    plain = text.translate(BIDI).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip()


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
            raise ValidationError("里面有不能显示的字符，请重新输入。") from fault
        if len(text) > self.most:
            raise ValidationError(f"太长了，最多 {self.most} 个字，现在是 {len(text)} 个字。")
        if len(text) < self.least:
            raise ValidationError("请填写这一项。" if self.least == 1 else f"请至少写 {self.least} 个字。")
        return text
