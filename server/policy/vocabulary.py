"""What each county's kinds sound like, learned once a process from its book and the everyday sentences."""

import csv
import tomllib
from functools import cache
from pathlib import Path

from server.policy.loader import books
from server.policy.speech import Speech
from server.policy.suggest import Saying, Suggested, Vocabulary, learn

SPEECH = Path(__file__).parent / "speech.toml"
SAID = Path(__file__).parent / "said.csv"


def suggest_kinds(county_id: str, words: str) -> Suggested:
    """The county's kinds that somebody's words may mean, at most three; it never decides, and keeps nothing."""
    return vocabulary(county_id).suggest(words)


@cache
def vocabulary(county_id: str) -> Vocabulary:
    """A county's vocabulary. Raises KeyError for a county without a book."""
    return learn(books()[county_id], sayings(SAID), speech())


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
