"""JSON bodies, read once and strictly: UTF-8, no name twice, no number that is none, not too deep."""

import json
import math
from typing import Any

from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser

from server.core.errors import HouseError
from server.core.text import FORBIDDEN

LONGEST_NAME = 80


class Malformed(HouseError):
    """No JSON that everybody would read alike."""

    status, code, title = 400, "malformed", "请求的格式不对"


class WrongFormat(HouseError):
    """A body in another format than JSON."""

    status, code, title = 415, "unsupported_media_type", "不支持这种格式"


def read(body: bytes) -> Any:
    """What a body says. Raises Malformed."""
    try:
        return json.loads(
            body.decode(),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except RecursionError as fault:
        raise Malformed("内容嵌套太深，无法读取。", code="too_deep") from fault
    except ValueError as fault:
        raise Malformed("请求的内容不是正确的 JSON（UTF-8 编码）。") from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    if any(len(name) > LONGEST_NAME or FORBIDDEN.search(name) for name in found):
        raise ValueError("no name of a field")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("beyond any number")
    return number


def _whole(text: str) -> int:
    if len(text) > 20:  # noqa: PLR2004 - past the columns' numbers
        raise ValueError("beyond any number")
    return int(text)


class Parser(FlaskParser):
    """webargs' reader of requests, with our reading of JSON."""

    def _raw_load_json(self, req: Request) -> Any:
        if not req.is_json:
            if req.content_length or req.content_type:
                raise WrongFormat("请用 JSON 格式发送（Content-Type: application/json）。")
            return core.missing
        body = req.get_data(cache=True)
        return read(body) if body else core.missing
