"""What the kinds of each book sound like, learned from the book and the everyday sentences."""

import csv
import tomllib
from functools import cache
from pathlib import Path

from server.policy.model import Book
from server.policy.speech import Speech
from server.policy.suggest import Saying, Suggested, Vocabulary, learn

SPEECH = Path(__file__).parent / "speech.toml"
SAID = Path(__file__).parent / "said.csv"


_learned: dict[tuple[str, str], Vocabulary] = {}
"""By county and version; a version names its book's content."""


def suggest_kinds(book: Book, words: str) -> Suggested:
    """The book's kinds that somebody's words may mean, at most three; it never decides, and keeps nothing."""
    return vocabulary(book).suggest(words)


def vocabulary(book: Book) -> Vocabulary:
    """What a book's kinds sound like, learned once a process."""
    key = (book.county_id, book.version)
    if key not in _learned:
        _learned[key] = learn(book, sayings(SAID), speech())
    return _learned[key]


@cache
def speech() -> Speech:
    """The plain words and alike characters of `speech.toml`."""
    data = tomllib.loads(SPEECH.read_text(encoding="utf-8"))
    return Speech(data["plain"], data["sounds"]["groups"])


@cache
def sayings(path: Path) -> tuple[Saying, ...]:
    """The sentences of a file with the columns `sentence` and `kinds`, these parted by a space."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Saying(row["sentence"], tuple(row["kinds"].split())) for row in csv.DictReader(file))
