"""Whole numbers as a program or an address may write them: ASCII digits, in range, nothing guessed."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**63 - 1
"""The largest number that a column holds."""
WRITTEN = re.compile(r"-?[0-9]{1,19}")


def whole(text: str) -> int | None:
    """The whole number that a text is, in ASCII digits and within the columns' range; None for anything else."""
    number = int(text) if WRITTEN.fullmatch(text) else None
    return number if number is not None and abs(number) <= LARGEST else None


class Whole(fields.Integer):
    """A marshmallow field that takes JSON integers alone, or with `written` the digits of a query string."""

    def __init__(self, *, least: int = 1, most: int = LARGEST, written: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most), **kwargs)
        self.written = written

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        found = whole(value) if self.written and isinstance(value, str) else value
        if isinstance(found, bool) or not isinstance(found, int):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(found, attr, data, **kwargs)


class Flag(fields.Boolean):
    """A marshmallow field that takes JSON's true and false alone, or with `written` their words and 1 and 0."""

    WORDS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}

    def __init__(self, *, written: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.written = written

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        found = self.WORDS.get(value) if self.written and isinstance(value, str) else value
        if not isinstance(found, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(found, attr, data, **kwargs)


class Id(IntegerConverter):
    """The number of a row in an address; one that no column holds is no address of ours."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """The number."""
        number = whole(value)
        if number is None:
            raise ValidationError
        found: int = super().to_python(value)
        return found
