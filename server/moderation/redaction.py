"""What a public text may differ in from its original: shortened and masked, and never silently; pure."""

import re
from difflib import SequenceMatcher

from server.core.masks import DOOR, NUMBER

CUT = "…"
WORDS = {NUMBER: "\ue000", DOOR: "\ue001"}
"""Words that say what was left out, each as one letter while copies are compared."""
MASKS = frozenset("*＊█×…\ue000\ue001")
"""What a public copy may hold that its original does not: marks that something is missing."""
MASK_RUN = re.compile("[*＊█×…\ue000\ue001]+")


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
    for letter, place in zip(copy, _places(original, copy), strict=True):
        if place is not None:
            if original[at:place].strip() and not (found and found[-1] in MASKS):
                found.append(CUT)
            at = place + 1
        found.append(letter)
    if found and original[at:].strip() and found[-1] not in MASKS:
        found.append(CUT)
    return "".join(found)


def _places(original: str, copy: str) -> list[int | None]:
    """Where each letter of the copy stands in the original, in long runs if that can be; None for a mark."""
    places: list[int | None] = [None] * len(copy)
    for block in SequenceMatcher(None, original, copy, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            places[block.b + step] = block.a + step
    missed = any(place is None and letter not in MASKS for letter, place in zip(copy, places, strict=True))
    return _first_places(original, copy) if missed else places


def _first_places(original: str, copy: str) -> list[int | None]:
    """The same by the first place that will do for each letter, which finds one whenever there is one."""
    places: list[int | None] = []
    at = 0
    for letter in copy:
        place = original.find(letter, at)
        if place < 0 and letter not in MASKS:
            raise NoRedaction(letter)
        places.append(None if letter in MASKS else place)
        at = at if letter in MASKS else place + 1
    return places


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


BUILDING = re.compile(r"[0-9A-Za-z一二三四五六七八九十东南西北]{1,4}\s?(?:号楼|号院|栋|幢|座|#楼?)")


def building_only(typed: str | None) -> str:
    """The building that somebody typed, and nothing finer; empty where it is not plainly one."""
    found = BUILDING.match((typed or "").strip())
    return found.group() if found else ""
