"""Text as a reader of numbers sees it: one spelling for digits, nothing unseen, every letter's place kept."""

import re
import unicodedata
from dataclasses import dataclass

Span = tuple[int, int]
DIGITS = {
    **dict.fromkeys("零〇○", "0"),
    **dict.fromkeys("一壹幺弌", "1"),
    **dict.fromkeys("二贰两貳弍", "2"),
    **dict.fromkeys("三叁參弎", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆陸", "6"),
    **dict.fromkeys("七柒", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖", "9"),
}
"""Chinese digits, as people use them to slip a number past a filter."""
LIKE = {"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"}
"""Letters that stand in for a digit between digits."""
LOOKALIKE = re.compile(r"(?<![A-Za-z])[\dlIOo|]{11}(?![A-Za-z\d])")
REAL_DIGITS = 4
UNSEEN = {"Cf", "Mn", "Me", "Cc"}


@dataclass(frozen=True)
class Plain:
    """A text in plain spelling, and where each of its letters stood."""

    text: str
    at: tuple[int, ...]
    """One place more than letters: where the text ends."""

    def origin(self, span: Span) -> Span:
        """The place in the text as typed, with what cannot be seen behind it."""
        return self.at[span[0]], self.at[span[1]]


def plain(text: str) -> Plain:
    """Full-width, circled and other digits as 0–9, other wide letters narrow, zero-width ones left out."""
    letters, places = [], []
    for place, letter in enumerate(text):
        if letter != "\n" and unicodedata.category(letter) in UNSEEN:
            continue
        letters.append(_narrow(letter))
        places.append(place)
    return Plain(_lookalikes("".join(letters)), (*places, len(text)))


def _narrow(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 else letter


def _lookalikes(text: str) -> str:
    return LOOKALIKE.sub(_digits_for, text)


def _digits_for(found: re.Match[str]) -> str:
    word = found[0]
    if sum(letter.isdigit() for letter in word) < REAL_DIGITS:
        return word
    return "".join(LIKE.get(letter, letter) for letter in word)


def spoken(seen: Plain) -> Plain:
    """The same with Chinese digits as digits too."""
    return Plain("".join(DIGITS.get(letter, letter) for letter in seen.text), seen.at)
