"""The same answer used again and again by one body: how alike two texts are, and which are one text (pure)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

NOT_TOLD = re.compile(r"[\W_]+")
NUMBERS = re.compile(r"\d+|[〇零一二三四五六七八九十百千两]+(?=[号楼层单元室月日天点时分])")
PERCENT = 100


@dataclass(frozen=True)
class Answered:
    """One resolution of a body in words."""

    report_id: int
    at: datetime
    text: str
    photo: bool = False
    """Whether a photo came with it."""


@dataclass(frozen=True)
class Rule:
    """The book's figures: from so many within so many days, and how alike two texts must be."""

    least: int
    days: int
    percent: int


def normalised(text: str) -> str:
    """What an answer says, without blanks, signs and the numbers that change from case to case."""
    return NOT_TOLD.sub("", NUMBERS.sub("#", text).replace("#", "0")).casefold()


def alike(one: str, other: str, *, percent: int) -> bool:
    """Whether two normalised texts share so many percent of their pairs of neighbouring letters."""
    if one == other:
        return True
    first, second = _pairs(one), _pairs(other)
    both = len(first & second)
    return bool(both) and both * PERCENT >= percent * len(first | second)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def canned(answers: Sequence[Answered], rule: Rule, *, phrases: Collection[str] = ()) -> dict[int, int]:
    """The reports answered in the same words too often, with how many there are; `answers` are one body's.

    A phrase that the book itself offers is no sign of anything where a photo proves the work.
    """
    offered = {normalised(phrase) for phrase in phrases}
    texts = [(one, normalised(one.text)) for one in sorted(answers, key=lambda one: (one.at, one.report_id))]
    judged = [(one, text) for one, text in texts if text and not (one.photo and text in offered)]
    window, found = timedelta(days=rule.days), dict[int, int]()
    for one, text in judged:
        same = [
            other.report_id
            for other, words in judged
            if one.at - window < other.at <= one.at and alike(text, words, percent=rule.percent)
        ]
        if len(set(same)) >= rule.least:
            for report_id in same:
                found[report_id] = max(found.get(report_id, 0), len(set(same)))
    return found


def canned_words(count: int, rule: Rule) -> str:
    """Why an answer is flagged."""
    return f"{rule.days} 天内同一单位用几乎一样的话办结了 {count} 件，请抽查是否真的办了。"
