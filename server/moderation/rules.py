"""What may become of a piece: states, checks, and what a public copy may differ in from its original; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from server.core.masks import DOOR, NUMBER


class Piece(StrEnum):
    """What a piece is."""

    TEXT = "text"
    PHOTO = "photo"
    ANSWER = "answer"


class State(StrEnum):
    """Where a piece stands; nothing leads away from hidden."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"
    HIDDEN = "hidden"


class Verdict(StrEnum):
    """What WeChat's check found, or how far it is."""

    DUE = "due"
    ASKED = "asked"
    PASS = "pass"  # noqa: S105 - WeChat's own word
    REVIEW = "review"
    RISKY = "risky"
    MANUAL = "manual"


VISIT_LASTS = timedelta(hours=2)
"""How long after a visit WeChat checks what somebody wrote (61010 afterwards)."""
ANSWER_WITHIN = timedelta(minutes=30)
"""How long WeChat may take over a photo."""
AGAIN_AFTER = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 45))
"""When a check that got no answer is tried again; all within the two hours of a visit."""
REST = timedelta(minutes=1)
"""How long nothing is asked of a check that did not answer."""
TEXT_MOST = 2500
"""Characters that WeChat checks at once."""

NO_ACCOUNT, NO_OPENID, VISIT_OVER = "no_account", "no_openid", "visit_over"
DOWN, LATE, UNREAD, STAFF, LONG = "down", "late", "unread", "staff", "long"
WHY: Mapping[str, str] = {
    NO_ACCOUNT: "没有开通微信内容检查，请人工审核",
    NO_OPENID: "不是从小程序提交的，微信不能检查，请人工审核",
    VISIT_OVER: "提交人两小时内没有打开过小程序，微信不能检查，请人工审核",
    DOWN: "微信检查接口没有回应，请人工审核",
    LATE: "微信检查结果一直没有返回，请人工审核",
    UNREAD: "微信没能读到这张照片，请人工审核",
    STAFF: "工作人员的答复，请人工审核",
    LONG: "文字太长，微信不能检查，请人工审核",
}
LABELS: Mapping[int, str] = {
    100: "正常",
    10001: "广告",
    20001: "时政",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他",
}
CUT = "…"
WORDS = {NUMBER: "\ue000", DOOR: "\ue001"}
"""Words that say what was left out, each as one letter while copies are compared."""
MASKS = frozenset("*＊█×…\ue000\ue001")
"""What a public copy may hold that its original does not: marks that something is missing."""
MASK_RUN = re.compile("[*＊█×…\ue000\ue001]+")


def check_words(verdict: str, why: str) -> str:
    """How a check stands, for whoever reviews."""
    label = LABELS.get(int(why), why) if why.isdigit() else ""
    said = {
        Verdict.DUE: "正在等微信检查" + (f"（{WHY[DOWN].split('，')[0]}，会再试）" if why == DOWN else ""),
        Verdict.ASKED: "微信正在检查",
        Verdict.PASS: "微信检查：未发现问题",
        Verdict.REVIEW: f"微信检查：需要人工确认（{label}）",
        Verdict.RISKY: f"微信检查：建议不公开（{label}）",
        Verdict.MANUAL: WHY.get(why, "请人工审核"),
    }
    return said[Verdict(verdict)]


def again_after(tries: int) -> timedelta | None:
    """How long to wait before the next try; None when a person must look."""
    return AGAIN_AFTER[tries - 1] if 0 < tries <= len(AGAIN_AFTER) else None


class NoRedaction(ValueError):
    """A copy that says something its original does not."""


def redaction(original: str, copy: str) -> str:
    """The copy with `…` wherever something was left out without a mark; so shortening cannot turn a meaning unseen.

    Raises NoRedaction for words that do not stand in the original, in its order.
    """
    plain, original = _lettered(copy.strip()), _lettered(original)
    return _worded(plain if _marked_throughout(original, plain) else _marked(original, plain))


def _lettered(text: str) -> str:
    for word, letter in WORDS.items():
        text = text.replace(word, letter)
    return text


def _worded(text: str) -> str:
    for word, letter in WORDS.items():
        text = text.replace(letter, word)
    return text


def _marked(original: str, copy: str) -> str:
    """The copy with a mark at every place where something is missing without one."""
    found: list[str] = []
    at = 0
    for letter in copy:
        if letter in MASKS:
            found.append(letter)
            continue
        place = original.find(letter, at)
        if place < 0:
            raise NoRedaction(letter)
        if original[at:place].strip() and not (found and found[-1] in MASKS):
            found.append(CUT)
        found.append(letter)
        at = place + 1
    if found and original[at:].strip() and found[-1] not in MASKS:
        found.append(CUT)
    return "".join(found)


def _marked_throughout(original: str, copy: str) -> bool:
    """Whether marks alone account for everything that is missing."""
    first, *middle = re.split(MASK_RUN, copy)
    if not middle:
        return copy == original.strip()
    *middle, last = middle
    whole = original.strip()
    if not whole.startswith(first):
        return False
    at = len(first)
    for part in middle:
        place = whole.find(part, at)
        if place < 0:
            return False
        at = place + len(part)
    return whole.endswith(last) and at <= len(whole) - len(last)


BOXES_MOST = 60
COLUMNS, ROWS = 8, 6
"""The grid by which boxes are chosen without a script."""


@dataclass(frozen=True)
class Box:
    """A black box as fractions of a picture's width and height, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom pixel, the last two included; never smaller than what was drawn."""
        across, down = size
        right, bottom = (self.x + self.width) * across, (self.y + self.height) * down
        return (
            int(self.x * across),
            int(self.y * down),
            min(across - 1, int(-(-right // 1))),
            min(down - 1, int(-(-bottom // 1))),
        )


def boxes_from(drawn: Any, cells: Iterable[int] = ()) -> tuple[Box, ...]:
    """The boxes of a list of `[x, y, width, height]` and of the grid's cells (from 1). Raises ValueError."""
    if not isinstance(drawn, Sequence) or isinstance(drawn, str):
        raise ValueError("a list of boxes")  # noqa: TRY004 - one kind of fault for whatever was sent
    found = [_box(one) for one in drawn] + [_cell(number) for number in dict.fromkeys(cells)]
    if len(found) > BOXES_MOST:
        raise ValueError("too many boxes")
    return tuple(found)


def _box(drawn: Any) -> Box:
    if not isinstance(drawn, list) or len(drawn) != 4:  # noqa: PLR2004 - x, y, width, height
        raise ValueError("a box is four numbers")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1 for one in drawn):
        raise ValueError("fractions of the picture")
    x, y, width, height = drawn
    if not (width and height and x < 1 and y < 1):
        raise ValueError("an empty box")
    return Box(x, y, min(width, 1 - x), min(height, 1 - y))


def _cell(number: int) -> Box:
    if not 1 <= number <= COLUMNS * ROWS:
        raise ValueError("no such cell")
    row, column = divmod(number - 1, COLUMNS)
    return Box(column / COLUMNS, row / ROWS, 1 / COLUMNS, 1 / ROWS)
